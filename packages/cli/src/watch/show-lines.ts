import type { TelemetryWatch } from "@cctelemetry/core";
import { escapeUnsafe } from "@cctelemetry/core/light";
import type { Outputs, Signals } from "../process/context.ts";
import type { InterruptCode } from "../process/failure.ts";
import type { WatchView } from "./frame.ts";
import { viewJson } from "./json.ts";
import { LineTeller } from "./lines.ts";
import { viewOf } from "./view.ts";

/** The shortest time between two lines of JSON, or two looks at what is new, milliseconds. */
const LEAST_PAUSE_MS = 200;

/**
 * Writes the state as a line of JSON until a signal, after each change from when everything that was
 * there is part of it; gives the exit code.
 */
export function showJson(
  watch: TelemetryWatch,
  context: Outputs & Signals,
): Promise<InterruptCode> {
  return tell(watch, context, async (view) => {
    // Before all is read the numbers lack something: that is said while it takes long, or is stuck.
    const isStuck = view.store.kind !== "ok" || view.catchingUp !== undefined;
    if (view.ready || isStuck) await context.stdout.write(viewJson(view));
  });
}

/** Writes a line for each event until a signal; conditions go to standard error. Gives the exit code. */
export function showLines(
  watch: TelemetryWatch,
  clock: (micros: number) => string,
  context: Outputs & Signals,
): Promise<InterruptCode> {
  const teller = new LineTeller(clock);
  return tell(watch, context, async (view) => {
    const { out, notes } = teller.next(view);
    await context.stderr.write(notes.map((note) => `note: ${escapeUnsafe(note)}\n`).join(""));
    await context.stdout.write(out.map((line) => `${line}\n`).join(""));
  });
}

/** Calls `write` after changes, and once all is read; never twice at once, and five times a second at most. */
function tell(
  watch: TelemetryWatch,
  signals: Signals,
  write: (view: WatchView) => Promise<void>,
): Promise<InterruptCode> {
  return new Promise((resolve, reject) => {
    const teller = new Teller(watch, write, reject);
    const callOff = signals.onStop((code) => {
      callOff();
      teller.close();
      resolve(code);
    });
  });
}

class Teller {
  private readonly watch: TelemetryWatch;
  private readonly write: (view: WatchView) => Promise<void>;
  private readonly callOff: () => void;
  private timer: NodeJS.Timeout | undefined;
  private ready = false;
  private changed = false;
  private resting = false;
  private closed = false;

  constructor(
    watch: TelemetryWatch,
    write: (view: WatchView) => Promise<void>,
    fail: (error: unknown) => void,
  ) {
    this.watch = watch;
    this.write = write;
    const tell = () => {
      this.tell().catch(fail);
    };
    this.callOff = watch.onChange(tell);
    watch.ended.catch(fail);
    watch.ready.then(() => {
      this.ready = true;
      tell();
    }, fail);
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
    this.callOff();
  }

  private async tell(): Promise<void> {
    this.changed = true;
    if (this.resting) return;
    this.resting = true;
    while (this.changed && !this.closed) {
      this.changed = false;
      await this.write(viewOf(this.watch, this.ready));
      await new Promise<void>((done) => {
        this.timer = setTimeout(done, LEAST_PAUSE_MS);
      });
    }
    this.resting = false;
  }
}
