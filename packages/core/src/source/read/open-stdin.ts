import type { Readable } from "node:stream";
import { KnownError } from "../../errors.ts";
import {
  type ByteReader,
  bufferReader,
  nodeStreamReader,
  rangeStream,
  readFully,
} from "../codec/bytes.ts";
import { detectCompression } from "../codec/compression.ts";
import { decompressedReader, skippingReader } from "../codec/decompress.ts";
import { inspect } from "./inspect.ts";
import type { ReadLimits } from "./open-file.ts";
import type { OpenedSource } from "./opened-source.ts";
import { FORMAT_BYTES, refuseOtherFormat } from "./other-format.ts";
import { type Origin, readItems } from "./read-items.ts";
import { Spool } from "./spool.ts";

/** What is looked at before reading begins: a zstd block fits in. */
const PEEKED_BYTES = 256 * 1024;

/** Opens standard input (or a stream in its place), which comes only once. */
export async function openStandardInput(
  limits: ReadLimits,
  stream?: Readable,
): Promise<OpenedSource> {
  const input = new CountingReader(nodeStreamReader(stream ?? standardInput()));
  const peeked = await readFully(input, PEEKED_BYTES);
  const ended = peeked.length < PEEKED_BYTES;
  const compression = detectCompression(peeked);
  const { codec } = limits;
  const peek = () => decompressedReader(bufferReader(peeked), compression, codec);
  refuseOtherFormat("-", await readFully(peek(), FORMAT_BYTES), compression);
  const inspected = await inspect(peek, compression, codec, !ended);
  const { framing, headHash, headComplete, holdsTelemetry } = inspected;
  const spools = new SpoolSet();
  const whole = inSequence(bufferReader(peeked), input);
  const origin: Origin = {
    ...limits,
    sizeBytes: undefined,
    expectedBytes: ended && compression === "none" ? peeked.length : undefined,
    reader: once((from: number) =>
      skippingReader(decompressedReader(whole, compression, codec), from),
    ),
    overflow: () => spools.sink(),
    rereadable: () => spools.keep(origin.reader(0)),
  };
  return {
    path: "-",
    framing,
    compression,
    sizeBytes: undefined,
    headHash,
    headComplete,
    holdsTelemetry,
    inspected: undefined,
    items: () => readItems(origin, inspected, 0),
    fingerprintAt: async () => undefined,
    refresh: () => undefined,
    keepsHead: () => true,
    lineEndsAfter: async () => true,
    bytesConsumed: () => input.bytes,
    async close() {
      spools.close();
      await input.close();
    },
  };
}

/** The temporary files of one source. */
class SpoolSet {
  readonly #spools: Spool[] = [];

  sink() {
    const spool = this.#create();
    return {
      write: (bytes: Buffer) => spool.write(bytes),
      reopen: (length: number) => () => rangeStream(spool, 0, length),
    };
  }

  async keep(reader: ByteReader): Promise<Spool> {
    const spool = this.#create();
    const block = Buffer.allocUnsafe(64 * 1024);
    for (;;) {
      const count = await reader.read(block, 0, block.length);
      if (count === 0 && (reader.damage === undefined || reader.damage.final)) return spool;
      spool.write(block.subarray(0, count));
    }
  }

  close(): void {
    for (const spool of this.#spools.splice(0)) spool.close();
  }

  #create(): Spool {
    const spool = new Spool();
    this.#spools.push(spool);
    return spool;
  }
}

class CountingReader implements ByteReader {
  readonly damage = undefined;
  bytes = 0;
  readonly #reader: ByteReader;

  constructor(reader: ByteReader) {
    this.#reader = reader;
  }

  async read(into: Buffer, at: number, length: number): Promise<number> {
    const count = await this.#reader.read(into, at, length);
    this.bytes += count;
    return count;
  }

  close(): void | Promise<void> {
    return this.#reader.close?.();
  }
}

function inSequence(first: ByteReader, second: ByteReader): ByteReader {
  return {
    damage: undefined,
    async read(into, at, length) {
      const count = await first.read(into, at, length);
      return count > 0 ? count : second.read(into, at, length);
    },
  };
}

function once<Input, Result>(make: (input: Input) => Result): (input: Input) => Result {
  let made = false;
  return (input) => {
    if (made) throw new Error("Standard input can be read only once.");
    made = true;
    return make(input);
  };
}

function standardInput(): Readable {
  if (process.stdin.isTTY) {
    throw new KnownError("path-unsuitable", "Standard input is a terminal, not telemetry.", {
      hint: "Pipe a file in, for example: cctelemetry import - < otel.jsonl",
    });
  }
  return process.stdin;
}
