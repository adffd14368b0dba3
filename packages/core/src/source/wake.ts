import { basename, join } from "node:path";
import type { Place } from "./survey-types.ts";

/** Calls back when something may have changed, until it is closed. */
export interface WakeUps {
  close(): Promise<void>;
}

/**
 * Watches directories for changes and tells their kind: "ready" when it begins, then "change",
 * "add", "unlink" and so on. It only makes things quick: whoever follows files looks at them
 * from time to time anyway, since no system tells of every change everywhere.
 */
export async function wakeOnChange(
  places: readonly Place[],
  wake: (event: string, path: string | undefined) => void,
): Promise<WakeUps> {
  // Loaded here, since most commands watch nothing.
  const { watch } = await import("chokidar");
  const deep = places.some((place) => place.deep);
  const matters = (path: string) => places.some(({ cares }) => cares(basename(path)));
  const watcher = watch([...new Set(places.map(({ directory }) => directory))], {
    ignoreInitial: true,
    ignorePermissionErrors: true,
    ...(deep ? {} : { depth: 0 }),
    ignored: (path, stats) => stats?.isFile() === true && !matters(path),
  });
  // What cannot be watched is still looked at from time to time. The events as the system tells
  // them come sooner, and tell of a link that is pointed elsewhere.
  watcher
    .on("all", (event, path) => wake(event, path))
    .on("raw", (event, name, details) => {
      const path = changedPath(name, details);
      if (path === undefined || matters(path)) wake(event, path);
    })
    .on("ready", () => wake("ready", undefined))
    .on("error", () => undefined);
  return { close: () => closed(watcher) };
}

/**
 * Closes in a turn of its own. In the one in which a directory begins to be watched chokidar does
 * not know yet how to end that: it would be watched for good, and keep the process from ending.
 */
async function closed(watcher: { close(): Promise<void> }): Promise<void> {
  await new Promise((turn) => setImmediate(turn));
  await watcher.close();
}

/** The path that an event of the system is about: of a file itself, or of an entry of a directory. */
function changedPath(name: unknown, details: unknown): string | undefined {
  const watched =
    typeof details === "object" && details !== null && "watchedPath" in details
      ? details.watchedPath
      : undefined;
  if (typeof watched !== "string" || typeof name !== "string") return undefined;
  return basename(watched) === name ? watched : join(watched, name);
}
