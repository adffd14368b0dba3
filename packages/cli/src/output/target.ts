import { lstatSync, readlinkSync, type Stats, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { beginsRequest, databaseAt, firstBytes } from "@cctelemetry/core/light";

/** What stands where an output is to be written. */
export type OutputTarget =
  /** A file that takes the name when it is whole; `existing` is what it takes the place of. */
  | { readonly kind: "file"; readonly path: string; readonly existing: Stats | undefined }
  /** Something that takes bytes as they come, and is never replaced. */
  | { readonly kind: "device" | "pipe"; readonly path: string }
  /** A file of this process that is open already, such as its standard output. */
  | { readonly kind: "descriptor"; readonly number: number }
  /** What is not written to, as a clause that begins with "it". */
  | { readonly kind: "refused"; readonly reason: string };

/** As many links as Linux follows. */
const MOST_LINKS = 40;
/** The name that stands for standard output. */
const STDOUT_NAME = "-";
const HEAD_BYTES = 256;
const DESCRIPTOR = /^\/(?:dev\/fd|proc\/(?:self|thread-self|\d+)\/fd)\/(\d+)$/;
const STANDARD: Readonly<Record<string, number>> = { "/dev/stdout": 1, "/dev/stderr": 2 };
/** NUL, CON and pipes, as Node.js names them on Windows. */
const WINDOWS_DEVICE = /^\\\\[.?]\\(?![A-Za-z]:)/;

/** Looks at a path, through all links. Throws the system's error for a path that cannot be looked at. */
export function outputTarget(name: string): OutputTarget {
  if (name === "") return { kind: "refused", reason: "it has no name" };
  if (name === STDOUT_NAME) return { kind: "descriptor", number: 1 };
  let path = resolve(name);
  for (let links = 0; links <= MOST_LINKS; links++) {
    const number = descriptorAt(path);
    if (number !== undefined) return { kind: "descriptor", number };
    if (WINDOWS_DEVICE.test(path)) return { kind: "device", path };
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (found?.isSymbolicLink() !== true) return targetAt(path, found);
    path = resolve(dirname(path), readlinkSync(path));
  }
  return { kind: "refused", reason: "its links lead in a circle" };
}

function descriptorAt(path: string): number | undefined {
  if (process.platform === "win32") return undefined;
  const own = DESCRIPTOR.exec(path);
  const isOurs = !/^\/proc\/\d/.test(path) || path.startsWith(`/proc/${process.pid}/`);
  return STANDARD[path] ?? (own !== null && isOurs ? Number(own[1]) : undefined);
}

function targetAt(path: string, found: Stats | undefined): OutputTarget {
  // Another process's open file is a link that leads to no path.
  const stats = found ?? statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return { kind: "file", path, existing: stats };
  if (stats.isFile()) {
    const content = irreplaceable(path);
    if (content === undefined) return { kind: "file", path, existing: stats };
    return { kind: "refused", reason: `it holds ${content}, which an output does not replace` };
  }
  if (stats.isDirectory()) return { kind: "refused", reason: "it is a directory" };
  if (stats.isCharacterDevice()) return { kind: "device", path };
  if (stats.isFIFO()) return { kind: "pipe", path };
  return { kind: "refused", reason: stats.isSocket() ? "it is a socket" : "it is a block device" };
}

/** What a file holds that nobody means to replace by a report; undefined for any other content. */
function irreplaceable(path: string): string | undefined {
  const database = databaseAt(path);
  if (database === "duckdb" || database === "sqlite") return "a database";
  const head = firstBytes(path, HEAD_BYTES)?.toString("utf8") ?? "";
  return beginsRequest(head) ? "telemetry" : undefined;
}
