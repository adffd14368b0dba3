import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

/** Where a build leaves the template: beside the program. */
const FILE = "./empty-database.gz";

let bytes: Buffer | undefined;

/**
 * An empty database: tables and views without records. Copying it saves binding every view, which
 * takes about a second. Undefined if there is no such file beside the program, as in the sources,
 * or it cannot be read: then tables and views are created by their statements.
 */
export function templateDatabase(): Buffer | undefined {
  try {
    bytes ??= gunzipSync(readFileSync(new URL(FILE, import.meta.url)));
  } catch {
    return undefined;
  }
  return bytes;
}
