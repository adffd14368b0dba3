/** How to get at the telemetry in a file of another format. */
export type Remedy =
  /** A program that takes the file's name and writes what was in it to its output. */
  | { readonly kind: "pipe"; readonly program: string }
  /**
   * A command in which FILE stands for the file; `ending` is that of such a file's name.
   * `seesThrough`: the command unpacks gzip and zstd around it by itself.
   */
  | {
      readonly kind: "unpack";
      readonly command: string;
      readonly ending: string;
      readonly seesThrough?: true;
    }
  | { readonly kind: "database"; readonly ending: string; readonly seesThrough?: never }
  /** What it was made from has to be imported. */
  | { readonly kind: "source" };

/** A format of files that are often beside telemetry, or hold it packed, and are not read. */
export interface OtherFormat {
  /** What such a file is called, with its article. */
  readonly name: string;
  /** Matches its first bytes, in latin1. */
  readonly magic: RegExp;
  readonly remedy: Remedy;
}

const pipe = (program: string): Remedy => ({ kind: "pipe", program });
const unpack = (ending: string, command: string): Remedy => ({ kind: "unpack", ending, command });
const source: Remedy = { kind: "source" };

/* biome-ignore-start lint/suspicious/noControlCharactersInRegex: the bytes of binary formats. */
/**
 * Sources: the formats' own specifications; tar: POSIX ustar, offset 257. A sign of two bytes, which
 * text may begin with, is asked for control characters that text has none of.
 */
export const otherFormats: readonly OtherFormat[] = [
  { name: "a zip archive", magic: /^PK\x03\x04/, remedy: unpack("zip", "unzip FILE -d telemetry") },
  { name: "an empty zip archive", magic: /^PK\x05\x06/, remedy: source },
  { name: "an xz file", magic: /^\xfd7zXZ\x00/, remedy: pipe("xz -dc") },
  // Size of the dictionary, then that of the content or -1.
  {
    name: "an lzma file",
    magic: /^\x5d\x00\x00(?!\x00\x00)[\s\S]{2}(?:\xff{8}|[\s\S]{5}\x00{3})/,
    remedy: pipe("xz -dc"),
  },
  { name: "a bzip2 file", magic: /^BZh[1-9]1AY&SY/, remedy: pipe("bzip2 -dc") },
  { name: "an lz4 file", magic: /^\x04\x22\x4d\x18/, remedy: pipe("lz4 -dc") },
  { name: "an lzip file", magic: /^LZIP/, remedy: pipe("lzip -dc") },
  { name: "an lzo file", magic: /^\x89LZO\x00/, remedy: pipe("lzop -dc") },
  { name: "a file of compress", magic: /^\x1f\x9d/, remedy: pipe("uncompress -c") },
  { name: "a gzip file", magic: /^\x1f\x8b\x08/, remedy: pipe("gzip -dc") },
  { name: "a zstd file", magic: /^\x28\xb5\x2f\xfd/, remedy: pipe("zstd -dc") },
  {
    name: "data of zlib",
    magic: /^x[\x01\x5e\x9c\xda](?=[\s\S]*[\x01-\x08\x0e-\x1a])/,
    remedy: pipe("pigz -dc"),
  },
  {
    name: "text in UTF-32",
    magic: /^(?:\xff\xfe\x00\x00|(?:[\x20-\x7e]\x00\x00\x00){4})/,
    remedy: pipe("iconv -f UTF-32LE -t UTF-8"),
  },
  {
    name: "text in UTF-32",
    magic: /^(?:\x00\x00\xfe\xff|(?:\x00\x00\x00[\x20-\x7e]){4})/,
    remedy: pipe("iconv -f UTF-32BE -t UTF-8"),
  },
  {
    name: "a 7z archive",
    magic: /^7z\xbc\xaf\x27\x1c/,
    remedy: unpack("7z", "7z x FILE -otelemetry"),
  },
  { name: "a rar archive", magic: /^Rar!\x1a\x07/, remedy: unpack("rar", "unrar x FILE") },
  {
    name: "a tar archive",
    magic: /^[\s\S]{257}ustar/,
    remedy: { kind: "unpack", ending: "tar", command: "tar -xf FILE", seesThrough: true },
  },
  {
    name: "a DuckDB database",
    magic: /^[\s\S]{8}DUCK/,
    remedy: { kind: "database", ending: "duckdb" },
  },
  {
    name: "a journal of systemd",
    magic: /^LPKSHHRH/,
    remedy: {
      kind: "unpack",
      ending: "journal",
      command: "journalctl --file FILE -o json --all > telemetry.jsonl",
    },
  },
  { name: "a Parquet file", magic: /^PAR1/, remedy: source },
  { name: "an Arrow file", magic: /^ARROW1\x00\x00/, remedy: source },
  { name: "a Feather file", magic: /^FEA1/, remedy: source },
  { name: "an ORC file", magic: /^ORC(?=[\s\S]*[\x01-\x08\x0e-\x1a])/, remedy: source },
  { name: "an Avro file", magic: /^Obj\x01/, remedy: source },
  { name: "an SQLite database", magic: /^SQLite format 3\x00/, remedy: source },
  {
    name: "a capture of network packets",
    magic:
      /^(?:\xd4\xc3\xb2\xa1|\xa1\xb2\xc3\xd4|\x4d\x3c\xb2\xa1|\xa1\xb2\x3c\x4d|\n\r\r\n[\s\S]{4}(?:\x1a\x2b\x3c\x4d|\x4d\x3c\x2b\x1a))/,
    remedy: source,
  },
  { name: "a PDF document", magic: /^%PDF-/, remedy: source },
  {
    name: "a program",
    magic: /^(?:\x7fELF|\xcf\xfa\xed\xfe|MZ(?=[\s\S]*[\x01-\x08\x0e-\x1a]))/,
    remedy: source,
  },
];
/* biome-ignore-end lint/suspicious/noControlCharactersInRegex: the bytes of binary formats. */
