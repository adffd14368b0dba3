import type { LiveLog } from "./record.ts";

/** The last events of all sessions. */
export class Recent {
  private readonly limit: number;
  /** Newest first; of two at one time the one with the greater id. */
  private events: LiveLog[];

  constructor(limit: number, events: readonly LiveLog[] = []) {
    this.limit = limit;
    this.events = [...events];
  }

  /** Takes an event, if it is among the last. */
  add(event: LiveLog): void {
    const { events, limit } = this;
    const at = events.findIndex((known) => isNewer(event, known));
    if (at >= 0) events.splice(at, 0, event);
    else events.push(event);
    if (events.length > limit) events.pop();
  }

  /** The last events, newest first. */
  list(): readonly LiveLog[] {
    return [...this.events];
  }

  /** A list of its own with the same events. */
  clone(): Recent {
    return new Recent(this.limit, this.events);
  }

  /** Forgets events before a time. */
  forget(before: number): void {
    this.events = this.events.filter(({ time }) => time >= before);
  }
}

function isNewer(event: LiveLog, known: LiveLog): boolean {
  return event.time === known.time ? event.id > known.id : event.time > known.time;
}
