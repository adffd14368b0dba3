import { basename } from "node:path";
import { KnownError } from "../../errors.ts";
import type { Compression } from "../codec/compression.ts";
import { type OtherFormat, otherFormats, type Remedy } from "./other-formats.ts";

/** Bytes of a beginning that are enough for `refuseOtherFormat`. */
export const FORMAT_BYTES = 512;

/** What unpacks a file in which something else was found. */
const unpackers: Partial<Record<Compression, string>> = { gzip: "gzip -dc", zstd: "zstd -dc" };

/** Names of tar archives that are compressed. */
const TAR_NAME = /\.tar\.|\.t(?:bz2?|b2|xz|lz4?|lzma|a?z|gz|zst)$/i;

/**
 * Throws a KnownError if a file, unpacked of `packing`, begins as one of a format that is not read:
 * what it is, and how to get at the telemetry in it.
 */
export function refuseOtherFormat(path: string, start: Buffer, packing: Compression): void {
  // Text that begins like another format is text all the same.
  if (packing === "utf16le" || packing === "utf16be") return;
  const text = start.toString("latin1");
  const found = otherFormats.find(({ magic }) => magic.test(text));
  if (found === undefined) return;
  const what = packing === "none" ? found.name : `compressed, and in it is ${found.name}`;
  const file = path === "-" ? "Standard input" : `"${path}"`;
  throw new KnownError("path-unsuitable", `${file} is ${what}, which is not read.`, {
    hint: hintFor(found, path === "-" ? "FILE" : basename(path), unpackers[packing]),
  });
}

/** What to do with a file of a name that `unpacker` unpacks, where it is packed. */
function hintFor(format: OtherFormat, name: string, unpacker: string | undefined): string {
  const file = quoted(name);
  const { remedy } = format;
  if (remedy.kind === "pipe") {
    const [first, more] = unpacker === undefined ? [remedy.program] : [unpacker, remedy.program];
    const steps = [`${first} ${file}`, ...(more === undefined ? [] : [more])];
    return TAR_NAME.test(name)
      ? `Unpack it first, then import what was in it: ${[...steps, "tar -xf -"].join(" | ")}`
      : `Unpack it on the way: ${[...steps, "cctelemetry import -"].join(" | ")}`;
  }
  if (unpacker === undefined || remedy.kind === "source" || remedy.seesThrough === true) {
    return advice(remedy, file);
  }
  const inner = `telemetry.${remedy.ending}`;
  return advice(remedy, inner, `${unpacker} ${file} > ${inner} && `);
}

/** `first` is what makes the file. */
function advice(remedy: Exclude<Remedy, { kind: "pipe" }>, file: string, first = ""): string {
  switch (remedy.kind) {
    case "unpack":
      return `Unpack it first, then import what was in it: ${first}${remedy.command.replace("FILE", file)}`;
    case "database":
      return `Import the telemetry files it was filled from, from each machine: ${first}cctelemetry status --db ${file} lists them. What two files hold alike counts once.`;
    case "source":
      return "Import the telemetry files it was made from: what the same files hold counts once, whichever machine they come from.";
  }
}

function quoted(name: string): string {
  return /^[\w.+-]+$/.test(name) ? name : `"${name}"`;
}
