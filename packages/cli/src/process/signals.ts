import type { InterruptCode } from "./failure.ts";

const SIGNAL_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const satisfies Record<
  string,
  InterruptCode
>;

/** Runs `undo` before this process ends by a signal. Returns how to unregister it. */
export function onInterrupt(undo: () => void): () => void {
  const handlers = Object.entries(SIGNAL_CODES).map(([signal, code]) => {
    const handler = () => {
      undo();
      process.exit(code);
    };
    process.once(signal, handler);
    return () => process.off(signal, handler);
  });
  return () => {
    for (const remove of handlers) remove();
  };
}

/** Calls `stop` for the first signal, ends the process at the second. Returns how to unregister it. */
export function onStop(stop: (exitCode: InterruptCode) => void): () => void {
  let asked = false;
  const handlers = Object.entries(SIGNAL_CODES).map(([signal, code]) => {
    const handler = () => {
      if (asked) process.exit(code);
      asked = true;
      stop(code);
    };
    process.on(signal, handler);
    return () => process.off(signal, handler);
  });
  return () => {
    for (const remove of handlers) remove();
  };
}
