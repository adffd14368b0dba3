import type { TelemetryWatch, WireState } from "@cctelemetry/core";
import { backlogRead, escapeUnsafe } from "@cctelemetry/core/light";
import type { Outputs, Signals } from "../process/context.ts";
import type { InterruptCode } from "../process/failure.ts";
import { viewJson } from "./json.ts";
import { LineReporter } from "./lines.ts";

/** The shortest time between two lines of JSON, or two checks for changes, milliseconds. */
const LEAST_PAUSE_MS = 200;

/**
 * Writes the state as a line of JSON after each change, once everything that was there is read;
 * until a signal, whose exit code it returns.
 */
export function showJson(
  watch: TelemetryWatch,
  context: Outputs & Signals,
): Promise<InterruptCode> {
  return emit(watch, context, async (state) => {
    // Until all is read the numbers are too low; they are written if reading takes long or is stuck.
    const isStuck = state.store.state !== "ok" || backlogRead(state) !== null;
    if (state.ready || isStuck) await context.stdout.write(viewJson(state));
  });
}

/** Writes a line for each event until a signal; conditions go to standard error. Gives the exit code. */
export function showLines(
  watch: TelemetryWatch,
  clock: (micros: number) => string,
  context: Outputs & Signals,
): Promise<InterruptCode> {
  const reporter = new LineReporter(clock);
  return emit(watch, context, async (state) => {
    const { out, notes } = reporter.next(state);
    await context.stderr.write(notes.map((note) => `note: ${escapeUnsafe(note)}\n`).join(""));
    await context.stdout.write(out.map((line) => `${line}\n`).join(""));
  });
}

/** Calls `write` after changes, and once all is read; never twice at once, and five times a second at most. */
function emit(
  watch: TelemetryWatch,
  signals: Signals,
  write: (state: WireState) => Promise<void>,
): Promise<InterruptCode> {
  return new Promise((resolve, reject) => {
    const writer = new ChangeWriter(watch, write, reject);
    const unregister = signals.onStop((code) => {
      unregister();
      writer.close();
      resolve(code);
    });
  });
}

class ChangeWriter {
  private readonly watch: TelemetryWatch;
  private readonly write: (state: WireState) => Promise<void>;
  private readonly unregister: () => void;
  private timer: NodeJS.Timeout | undefined;
  private changed = false;
  private resting = false;
  private closed = false;

  constructor(
    watch: TelemetryWatch,
    write: (state: WireState) => Promise<void>,
    fail: (error: unknown) => void,
  ) {
    this.watch = watch;
    this.write = write;
    const emit = () => {
      this.emit().catch(fail);
    };
    this.unregister = watch.onChange(emit);
    watch.ended.catch(fail);
    watch.ready.then(emit, fail);
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
    this.unregister();
  }

  private async emit(): Promise<void> {
    this.changed = true;
    if (this.resting) return;
    this.resting = true;
    while (this.changed && !this.closed) {
      this.changed = false;
      await this.write(this.watch.state());
      await new Promise<void>((done) => {
        this.timer = setTimeout(done, LEAST_PAUSE_MS);
      });
    }
    this.resting = false;
  }
}
