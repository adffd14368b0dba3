import type { TelemetryWatch } from "@cctelemetry/core";
import { isRunning } from "@cctelemetry/core/light";
import type { Clock, Outputs, Signals } from "../process/context.ts";
import type { InterruptCode } from "../process/failure.ts";
import type { Terminal } from "../process/terminal.ts";
import { drawFrame } from "./frame.ts";
import type { WatchPaint } from "./paint.ts";
import { enterScreen, frameUpdate, leaveScreen } from "./screen.ts";

/** How long after a frame the next may follow, milliseconds: faster than anybody reads. */
const LEAST_PAUSE_MS = 50;
/** Ages and rates change with time alone: by the second after an event, later by the minute. */
const TICK_MS = 1_000;
const SLOW_TICK_MS = 10_000;
const FRESH_MS = 60_000;

const CTRL_C = "\u0003";
const CTRL_L = "\f";
const CTRL_Z = "\u001a";

/** What the screen needs. */
export interface ScreenOptions {
  readonly terminal: Terminal;
  readonly paint: WatchPaint;
  readonly clock: (micros: number) => string;
}

/**
 * Shows the live screen until the user ends it; gives the exit code of the signal that did, or
 * undefined for `q`. The terminal is left as it was found.
 */
export async function showScreen(
  watch: TelemetryWatch,
  options: ScreenOptions,
  context: Outputs & Signals & Clock,
): Promise<InterruptCode | undefined> {
  const screen = new Screen(watch, options, context);
  try {
    return await screen.untilStopped;
  } finally {
    screen.close();
  }
}

class Screen {
  /** Resolves when the user has seen enough; rejects where drawing fails. */
  readonly untilStopped: Promise<InterruptCode | undefined>;
  private readonly watch: TelemetryWatch;
  private readonly options: ScreenOptions;
  private readonly context: Outputs & Signals & Clock;
  private readonly unregister: (() => void)[] = [];
  private stop: (code: InterruptCode | undefined) => void = () => undefined;
  private fail: (error: unknown) => void = () => undefined;
  private shown: readonly string[] | undefined;
  private timer: NodeJS.Timeout | undefined;
  private drawnAt = 0;
  private writing = false;
  /** Whether something changed while the terminal took the frame before. */
  private missed = false;
  /** While the terminal belongs to somebody else, also when Ctrl-Z gave it to the shell. */
  private closed = false;

  constructor(watch: TelemetryWatch, options: ScreenOptions, context: Outputs & Signals & Clock) {
    this.watch = watch;
    this.options = options;
    this.context = context;
    this.untilStopped = new Promise((resolve, reject) => {
      this.stop = resolve;
      this.fail = reject;
    });
    this.open();
    watch.ended.catch(this.fail);
    watch.ready.then(() => this.drawSoon(), this.fail);
  }

  /** Leaves the terminal as it was found. */
  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
    for (const unregister of this.unregister.splice(0)) unregister();
    void this.context.stdout.write(leaveScreen);
  }

  private open(): void {
    const { terminal } = this.options;
    this.closed = false;
    void this.context.stdout.write(enterScreen);
    this.unregister.push(
      this.context.onStop((code) => this.stop(code)),
      terminal.writeAtExit(leaveScreen),
      terminal.onResize(() => this.redraw()),
      terminal.onKeys((keys) => this.press(keys)),
      this.watch.onChange(() => this.drawSoon()),
    );
    this.draw();
  }

  private press(keys: string): void {
    if (keys.includes(CTRL_C)) this.stop(130);
    else if (/q/i.test(keys)) this.stop(undefined);
    else if (keys.includes(CTRL_Z)) this.suspend().catch(this.fail);
    else if (keys.includes(CTRL_L)) this.redraw();
  }

  /** Gives the terminal back while the shell has it. */
  private async suspend(): Promise<void> {
    this.close();
    await this.options.terminal.suspend();
    this.shown = undefined;
    this.open();
  }

  private redraw(): void {
    this.shown = undefined;
    this.draw();
  }

  private drawSoon(): void {
    if (this.closed) return;
    const pause = LEAST_PAUSE_MS - (this.context.now() - this.drawnAt);
    if (pause <= 0) this.draw();
    else this.drawIn(pause);
  }

  private drawIn(ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.draw(), ms);
  }

  /** A terminal that is slow gets fewer frames, never a backlog of them. */
  private draw(): void {
    if (this.closed) return;
    this.missed = this.writing;
    if (this.writing) return;
    this.drawnAt = this.context.now();
    try {
      const { terminal, paint, clock } = this.options;
      const { columns, rows } = terminal.size();
      const state = this.watch.state();
      const frame = drawFrame(state, { width: columns, height: rows, paint, clock });
      // An age below a minute is shown in seconds.
      const isFresh = state.sessions.some((each) => isRunning(each, state.time, FRESH_MS));
      this.drawIn(isFresh ? TICK_MS : SLOW_TICK_MS);
      const update = frameUpdate(this.shown, frame);
      this.shown = frame;
      if (update !== "") void this.write(update);
    } catch (error) {
      this.fail(error);
    }
  }

  private async write(update: string): Promise<void> {
    this.writing = true;
    await this.context.stdout.write(update);
    this.writing = false;
    if (this.missed) this.drawSoon();
  }
}
