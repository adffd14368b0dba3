import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

/** Where a build leaves the template: beside the program. */
const FILE = "./empty-database.gz";

let bytes: Buffer | undefined;

/**
 * A whole database that holds nothing yet but tables and views, so that a new one need not have every
 * view bound again, which takes most of a second. Undefined where there is none beside the program,
 * as in the sources: then everything is made by its statements.
 */
export function templateDatabase(): Buffer | undefined {
  try {
    bytes ??= gunzipSync(readFileSync(new URL(FILE, import.meta.url)));
  } catch {
    return undefined;
  }
  return bytes;
}
