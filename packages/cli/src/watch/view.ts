import type { TelemetryWatch } from "@cctelemetry/core";
import type { WatchView } from "./frame.ts";

/** What there is to show at this moment; `ready` once everything that was there is part of it. */
export function viewOf(watch: TelemetryWatch, ready: boolean): WatchView {
  const { files, store, catchingUp } = watch;
  return { snapshot: watch.snapshot(), files, store, catchingUp, ready };
}
