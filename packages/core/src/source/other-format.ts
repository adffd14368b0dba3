import { basename } from "node:path";
import { KnownError } from "../errors.ts";

/** A format of files that are often beside telemetry, or hold it packed, and are not read. */
interface OtherFormat {
  /** What such a file is called, with its article. */
  readonly name: string;
  /** Bytes by which it is known, in latin1, and where they stand. */
  readonly magic: string;
  readonly at?: number;
  /** What to do, for a file of this name. */
  readonly hint: (name: string) => string;
}

const unpack = (command: string) => (name: string) =>
  `Unpack it first, then import what was in it: ${command.replace("FILE", quoted(name))}`;
const pipe = (program: string) => (name: string) =>
  `Unpack it on the way: ${program} ${quoted(name)} | cctelemetry import -`;
const files = () =>
  "Import the telemetry files it was made from: what the same files hold counts once, whichever machine they come from.";
const database = (name: string) =>
  `Import the telemetry files it was filled from, from each machine: cctelemetry status --db ${quoted(name)} lists them. What two files hold alike counts once.`;

/** Sources: the formats' own specifications; tar: POSIX ustar, offset 257. */
const formats: readonly OtherFormat[] = [
  { name: "a zip archive", magic: "PK\x03\x04", hint: unpack("unzip FILE -d telemetry") },
  { name: "an empty zip archive", magic: "PK\x05\x06", hint: files },
  { name: "an xz file", magic: "\xfd7zXZ\x00", hint: pipe("xz -dc") },
  { name: "a bzip2 file", magic: "BZh", hint: pipe("bzip2 -dc") },
  { name: "an lz4 file", magic: "\x04\x22\x4d\x18", hint: pipe("lz4 -dc") },
  { name: "an lzip file", magic: "LZIP", hint: pipe("lzip -dc") },
  { name: "a file of compress", magic: "\x1f\x9d", hint: pipe("uncompress -c") },
  { name: "a 7z archive", magic: "7z\xbc\xaf\x27\x1c", hint: unpack("7z x FILE -otelemetry") },
  { name: "a rar archive", magic: "Rar!\x1a\x07", hint: unpack("unrar x FILE") },
  { name: "a tar archive", magic: "ustar", at: 257, hint: unpack("tar -xf FILE") },
  { name: "a DuckDB database", magic: "DUCK", at: 8, hint: database },
  { name: "a Parquet file", magic: "PAR1", hint: files },
  { name: "an Avro file", magic: "Obj\x01", hint: files },
  { name: "an SQLite database", magic: "SQLite format 3\x00", hint: files },
  { name: "a PDF document", magic: "%PDF-", hint: files },
  { name: "a program", magic: "\x7fELF", hint: files },
];

/** Bytes of a beginning that are enough for `refuseOtherFormat`. */
export const FORMAT_BYTES = 512;

/**
 * Throws a KnownError if a (decompressed) file begins as one of a format that is not read: what it
 * is, and how to get at the telemetry in it.
 */
export function refuseOtherFormat(path: string, start: Buffer, packed: boolean): void {
  const text = start.toString("latin1");
  const found = formats.find(({ magic, at = 0 }) => text.startsWith(magic, at));
  if (found === undefined || (found.magic === "BZh" && !/^BZh[1-9]1AY&SY/.test(text))) return;
  const what = packed ? `compressed, and in it is ${found.name}` : found.name;
  const file = path === "-" ? "Standard input" : `"${path}"`;
  throw new KnownError("path-unsuitable", `${file} is ${what}, which is not read.`, {
    hint: found.hint(basename(path)),
  });
}

function quoted(name: string): string {
  return /^[\w.+-]+$/.test(name) ? name : `"${name}"`;
}
