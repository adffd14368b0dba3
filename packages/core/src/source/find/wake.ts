import { basename, join, sep } from "node:path";
import type { FSWatcher } from "chokidar";
import type { Place } from "./found.ts";
import { SKIPPED_FOLDERS } from "./list-files.ts";
import { realPath } from "./stat-path.ts";

/** Calls back when something may have changed, until it is closed. */
export interface WakeUps {
  close(): Promise<void>;
}

/**
 * Watches directories for changes and reports their kind: "ready" when it begins, then "change",
 * "add", "unlink" and so on. It only makes things quick: whoever follows files looks at them
 * from time to time anyway, since no system reports every change everywhere. Links below a
 * directory are not followed: a tree of links has no end (a virtual environment, a package store);
 * what they lead to is found by those looks.
 */
export async function wakeOnChange(
  places: readonly Place[],
  wake: (event: string, path: string | undefined) => void,
): Promise<WakeUps> {
  // Loaded here, since most commands watch nothing.
  const { watch } = await import("chokidar");
  const deep = places.some((place) => place.deep);
  const matters = (path: string) => places.some(({ cares }) => cares(basename(path)));
  // The directories themselves: links would not be followed.
  const roots = new Map(places.map(({ directory }) => [realPath(directory), directory]));
  const watcher = watch([...roots.keys()], {
    ignoreInitial: true,
    ignorePermissionErrors: true,
    followSymlinks: false,
    ...(deep ? {} : { depth: 0 }),
    ignored: (path, stats) =>
      stats?.isFile() === true ? !matters(path) : isPassedOver(path, roots),
  });
  // What cannot be watched is still looked at from time to time. The events of the system come
  // sooner, and report a link that is pointed elsewhere.
  watcher
    .on("all", (event, path) => wake(event, asGiven(path, roots)))
    .on("raw", (event, name, details) => {
      const path = changedPath(name, details);
      if (path === undefined) wake(event, path);
      else if (matters(path)) wake(event, asGiven(path, roots));
    })
    .on("ready", () => wake("ready", undefined))
    .on("error", ignore);
  return { close: () => closed(watcher) };
}

function ignore(): void {
  // What cannot be watched is found by looking.
}

/**
 * Closes in a turn of its own. In the one in which a directory begins to be watched chokidar does
 * not know yet how to end that: it would be watched for good, and keep the process from ending.
 */
async function closed(watcher: FSWatcher): Promise<void> {
  await new Promise((turn) => setImmediate(turn));
  const closing = watcher.close();
  // Closing removes the listeners at once; a scan that still runs may fail after that.
  watcher.on("error", ignore);
  await closing;
}

/** Whether a directory below a root is one of programs, which a listing passes over, too. */
function isPassedOver(path: string, roots: ReadonlyMap<string, string>): boolean {
  return SKIPPED_FOLDERS.includes(basename(path)) && !roots.has(path);
}

/** A path below a directory as the user gave it. */
function asGiven(path: string, roots: ReadonlyMap<string, string>): string {
  for (const [real, given] of roots) {
    if (real !== given && path.startsWith(real + sep)) return join(given, path.slice(real.length));
  }
  return path;
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
