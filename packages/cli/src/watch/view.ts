import type { TelemetryWatch, WatchedFile } from "@cctelemetry/core";
import type { WatchView } from "./frame.ts";

/** What there is to show at this moment; `ready` once everything that was there is part of it. */
export function viewOf(watch: TelemetryWatch, ready: boolean): WatchView {
  const { files, store, catchingUp } = watch;
  return { snapshot: watch.snapshot(), files: present(files), store, catchingUp, ready };
}

/** Without files that are gone and have a successor at their path: nobody misses them. */
function present(files: readonly WatchedFile[]): readonly WatchedFile[] {
  const there = new Set(
    files.filter(({ condition }) => condition.kind !== "missing").map(({ path }) => path),
  );
  return files.filter(({ path, condition }) => condition.kind !== "missing" || !there.has(path));
}
