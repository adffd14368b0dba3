/** A sleep that can be ended early; a ring while nobody sleeps ends the next sleep at once. */
export class Alarm {
  private readonly clock: () => number;
  private rang = false;
  private wake: (() => void) | undefined;

  constructor(clock: () => number) {
    this.clock = clock;
  }

  /** Ends the sleep. */
  ring(): void {
    this.rang = true;
    this.wake?.();
  }

  /** Sleeps until it rings, or for so many milliseconds. */
  async sleep(ms: number): Promise<void> {
    const until = this.clock() + ms;
    while (!this.rang && this.clock() < until) {
      await new Promise<void>((done) => {
        const timer = setTimeout(done, Math.max(1, until - this.clock()));
        this.wake = () => {
          clearTimeout(timer);
          done();
        };
      });
      this.wake = undefined;
    }
    this.rang = false;
  }

  /** Sleeps for so many milliseconds, whatever rings; the ring is kept for the next sleep. */
  rest(ms: number): Promise<void> {
    return new Promise((done) => setTimeout(done, ms));
  }
}
