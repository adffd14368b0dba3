import { createHash } from "node:crypto";
import { appendFileSync, mkdirSync, readFileSync, symlinkSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import type { Framing } from "../../../src/source/read/framing.ts";
import { type OpenOptions, openSource } from "../../../src/source/read/open.ts";
import type { OpenedSource } from "../../../src/source/read/opened-source.ts";
import {
  fileOf,
  fixture,
  frame,
  message,
  type Piece,
  readAll,
  request,
  temporaryDirectory,
  zstdFrame,
} from "../support.ts";

const directory = temporaryDirectory();
const opened: OpenedSource[] = [];
afterEach(async () => {
  for (const source of opened.splice(0)) await source.close();
});

async function open(path: string, options: OpenOptions = {}): Promise<OpenedSource> {
  const source = await openSource(path, options);
  opened.push(source);
  return source;
}

/** The texts of the records, whatever they stand in. */
function texts(pieces: readonly Piece[]): string[] {
  return pieces.map((piece) => ("line" in piece ? `${piece.line}`.trimEnd() : `${piece["text"]}`));
}

const recordedLines = readFileSync(fixture("edge/framings/json.jsonl"), "latin1").trimEnd();
const nativeLines = readFileSync(fixture("edge/framings-native-compression/json.jsonl"), "latin1");

describe("recorded files", () => {
  test.each<[string, Framing, number]>([
    ["edge/framings/json.jsonl", "lines", 7],
    ["edge/framings/json.zstd.bin", "zstd-frames", 7],
    ["edge/framings/proto.bin", "protobuf-frames", 7],
    ["edge/framings/proto.zstd.bin", "protobuf-zstd-frames", 7],
    ["edge/framings/rotate.jsonl.zst", "zstd-frames", 7],
    ["edge/framings/group/.jsonl", "lines", 1],
    ["edge/framings-native-compression/json.zstd.bin", "zstd", 6],
    ["edge/framings-native-compression/rotate.jsonl.zst", "zstd", 6],
    ["edge/framings-native-compression/proto.zstd.bin", "protobuf-zstd", 6],
    ["edge/invalid-utf8.jsonl", "lines", 3],
    ["edge/marshaller-0.125.jsonl", "lines", 6],
  ])("%s is %s with %i records", async (name, framing, records) => {
    const source = await open(fixture(name));
    expect(source.framing).toBe(framing);
    expect(source.holdsTelemetry).toBe(true);
    expect(source.headComplete).toBe(true);
    const pieces = await readAll(source);
    expect(pieces.map((piece) => ("kind" in piece ? piece.kind : "line"))).toEqual(
      Array(records).fill(
        framing.startsWith("proto") ? "message" : framing.endsWith("frames") ? "payload" : "line",
      ),
    );
  });

  test("the same records come out of every framing of JSON", async () => {
    const frames = await readAll(await open(fixture("edge/framings/json.zstd.bin")));
    expect(texts(frames).join("\n")).toBe(recordedLines);
    const zstd = await readAll(
      await open(fixture("edge/framings-native-compression/json.zstd.bin")),
    );
    expect(texts(zstd).join("\n")).toBe(nativeLines.trimEnd());
  });

  test("the same messages come out of every framing of protobuf", async () => {
    const plain = await readAll(await open(fixture("edge/framings/proto.bin")));
    const packed = await readAll(await open(fixture("edge/framings/proto.zstd.bin")));
    expect(texts(packed)).toEqual(texts(plain));
  });

  test("the NUL hole is reported and the record behind it is read", async () => {
    const pieces = await readAll(await open(fixture("edge/nul-hole.jsonl")));
    expect(pieces).toMatchObject([
      { kind: "damaged", reason: "nul-hole", offset: 0, length: 2119 },
      { offset: 2119 },
    ]);
    expect(() => JSON.parse(texts(pieces)[1] ?? "")).not.toThrow();
  });

  test("the newline that a rotation moved is an empty line of the next file", async () => {
    const pieces = await readAll(await open(fixture("edge/rotation-newline/rot.jsonl")));
    expect(pieces[0]).toEqual({ line: "\n", offset: 0 });
  });

  test("a torn line with a record glued to it stays one line", async () => {
    const pieces = await readAll(await open(fixture("edge/torn-line-glued.jsonl")));
    expect(pieces).toHaveLength(4);
  });
});

/** Files of every framing, with holes and tails, written for the test. */
const body = `${request(1)}\n${request(2)}\n\n${request(3)}\r\n${request(4)}`;
const holed = `\ufeff${request(0)}\n\0\0\0${body}`;
const messages = [1, 2, 3].map((n) => frame(message(`message ${n}`)));
const sources: [string, Buffer][] = [
  ["lines", Buffer.from(body)],
  ["lines with a mark and a hole", Buffer.from(holed)],
  ["gzip", Buffer.concat([gzipSync(holed), gzipSync(`\n${body}`)])],
  ["truncated gzip", gzipSync(`${body}\n`.repeat(9)).subarray(0, 200)],
  ["zstd", Buffer.concat([zstdFrame(Buffer.from(holed)), zstdFrame(Buffer.from(body))])],
  [
    "broken zstd",
    Buffer.concat([zstdFrame(Buffer.from(body)), Buffer.from("?"), zstdFrame(Buffer.from(body))]),
  ],
  ["frames", Buffer.concat([...messages, Buffer.alloc(7), ...messages, Buffer.alloc(2)])],
  [
    "frames of zstd",
    Buffer.concat([1, 2, 3].map((n) => frame(zstdFrame(Buffer.from(request(n)))))),
  ],
  ["frames in zstd", zstdFrame(Buffer.concat(messages))],
  ["frames in gzip", gzipSync(Buffer.concat(messages))],
  ["a document", Buffer.from(`\ufeff${JSON.stringify(JSON.parse(request(1)), null, 2)}\n`)],
  ["a document in gzip", gzipSync(JSON.stringify(JSON.parse(request(1)), null, 2))],
  ["a binary", Buffer.from("89504e470d0a1a0a0000000d", "hex")],
];

describe.each(sources)("%s", (name, bytes) => {
  const path = fileOf(directory, name, bytes);
  test.each([32 * 1024 * 1024, 90])(
    "items from any item's offset (limit %i)",
    async (maxLineBytes) => {
      const source = await open(path, { maxLineBytes });
      const all = await readAll(source);
      expect(all.length).toBeGreaterThan(0);
      for (const [index, { offset }] of all.entries()) {
        const first = all.findIndex((piece) => piece.offset === offset);
        if (first === index) expect(await readAll(source, offset)).toEqual(all.slice(index));
      }
      expect(source.bytesConsumed()).toBeLessThanOrEqual(bytes.length);
    },
  );

  test("standard input gives the same items", async () => {
    const { Readable } = await import("node:stream");
    const chunks = [bytes.subarray(0, 1), bytes.subarray(1, 9), bytes.subarray(9)];
    const file = await open(path, { maxLineBytes: 90 });
    const stdin = await open("-", { maxLineBytes: 90, stdin: Readable.from(chunks) });
    expect(stdin.framing).toBe(file.framing);
    expect(stdin.headHash).toBe(file.headHash);
    if (name === "a binary") return;
    expect(await readAll(stdin)).toEqual(await readAll(file));
    expect(stdin.bytesConsumed()).toBe(bytes.length);
    expect(await stdin.fingerprintAt(4, 4)).toBeUndefined();
  });
});

describe("identity", () => {
  test("a file, its compressed copies and its frames begin with the same hash", async () => {
    const lines = `${request(1)}\n${request(2)}\n`;
    const framed = frame(zstdFrame(Buffer.from(request(1))));
    const copies = [
      Buffer.from(lines),
      Buffer.from(`\ufeff${lines}`),
      Buffer.from(`\n\0\0${lines}`),
      Buffer.from(lines.replaceAll("\n", "\r\n")),
      gzipSync(lines),
      zstdFrame(Buffer.from(lines)),
      framed,
    ];
    const hashes = new Set<string>();
    for (const [n, bytes] of copies.entries()) {
      const source = await open(fileOf(directory, `copy-${n}`, bytes));
      expect(source.headComplete).toBe(true);
      hashes.add(source.headHash);
    }
    expect([...hashes]).toEqual([createHash("sha256").update(request(1)).digest("hex")]);
  });

  test("long first lines are distinguished up to 64 KiB", async () => {
    const hash = async (end: string, length: number) => {
      const line = request("x".repeat(length) + end);
      return (await open(fileOf(directory, "long", `${line}\n`))).headHash;
    };
    expect(await hash("a", 60_000)).not.toBe(await hash("b", 60_000));
    expect(await hash("a", 70_000)).toBe(await hash("b", 70_000));
  });

  test("a first line that is not all there says so", async () => {
    const path = fileOf(directory, "growing", request(1).slice(0, 50));
    const before = await open(path);
    expect(before).toMatchObject({ framing: "lines", headComplete: false });
    appendFileSync(path, `${request(1).slice(50)}\n`);
    expect((await open(path)).headHash).not.toBe(before.headHash);
  });

  test("the guard is the hash of the bytes before an offset, also when compressed", async () => {
    const text = `${request(1)}\n${request(2)}\n`;
    const plain = await open(fileOf(directory, "guarded", text));
    const packed = await open(fileOf(directory, "guarded.gz", gzipSync(text)));
    const expected = createHash("sha256").update(text.slice(10, 30)).digest("hex");
    expect(await plain.fingerprintAt(30, 20)).toBe(expected);
    expect(await packed.fingerprintAt(30, 20)).toBe(expected);
    expect(await plain.fingerprintAt(30, 256)).toBe(await packed.fingerprintAt(30, 30));
    expect(await plain.fingerprintAt(text.length + 1, 20)).toBeUndefined();
    expect(await packed.fingerprintAt(text.length + 1, 20)).toBeUndefined();
  });
});

describe("files that change", () => {
  test("what is appended after opening belongs to a later run", async () => {
    const path = fileOf(directory, "live", `${request(1)}\n`);
    const source = await open(path);
    appendFileSync(path, `${request(2)}\n`);
    expect(texts(await readAll(source))).toEqual([request(1)]);
    expect(texts(await readAll(await open(path), request(1).length + 1))).toEqual([request(2)]);
  });

  test("a file that shrinks while it is read simply ends", async () => {
    const path = fileOf(directory, "shrinking", `${request(1)}\n${request(2)}\n`);
    const source = await open(path);
    truncateSync(path, 10);
    expect(texts(await readAll(source))).toEqual([request(1).slice(0, 10)]);
    expect(await readAll(source, 5000)).toEqual([]);
  });

  test("an empty file is empty", async () => {
    const source = await open(fileOf(directory, "empty", ""));
    expect(source).toMatchObject({ framing: "empty", headComplete: false, holdsTelemetry: false });
    expect(await readAll(source)).toEqual([]);
  });
});

/** Undefined for a file whose first bytes are now those of a format that is named and not read. */
async function openMutated(path: string): Promise<OpenedSource | undefined> {
  try {
    return await openSource(path, { maxLineBytes: 200 });
  } catch (error) {
    expect(error).toMatchObject({ code: "path-unsuitable" });
    return undefined;
  }
}

test("mutated and cut files are read or named as another format, and what is read adds up", async () => {
  const kinds = fc.constantFrom(...sources.map(([, bytes]) => bytes));
  const changes = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(kinds, changes, fc.nat(), async (original, mutations, cut) => {
      const bytes = Buffer.from(original);
      for (const [at, value] of mutations) bytes.writeUInt8(value, at % bytes.length);
      const path = fileOf(directory, "mutated", bytes.subarray(0, cut % (bytes.length + 1)));
      const source = await openMutated(path);
      if (source === undefined) return;
      let end = 0;
      for (const piece of await readAll(source)) {
        expect(piece.offset).toBeGreaterThanOrEqual(end);
        end =
          piece.offset +
          Number("line" in piece ? String(piece.line).length : (piece["length"] ?? 0));
      }
      await source.close();
    }),
    { numRuns: 300 },
  );
});

describe("what cannot be opened", () => {
  test("a missing path", async () => {
    await expect(openSource(join(directory, "none"))).rejects.toMatchObject({
      code: "path-missing",
    });
    await expect(openSource("a\0b")).rejects.toMatchObject({ code: "path-missing" });
  });

  test("a directory, a device, a link in a circle", async () => {
    mkdirSync(join(directory, "folder"));
    symlinkSync("circle", join(directory, "circle"));
    const codes = [
      ["folder", "path-unsuitable"],
      ["circle", "path-unreadable"],
    ] as const;
    for (const [name, code] of codes) {
      await expect(openSource(join(directory, name))).rejects.toMatchObject({ code });
    }
    await expect(openSource("/dev/null")).rejects.toMatchObject({ code: "path-unsuitable" });
  });

  test("UTF-16 is read as the same text in UTF-8", async () => {
    const plain = await open(fileOf(directory, "utf8", Buffer.from(body)));
    const path = fileOf(directory, "utf16", Buffer.from(`\ufeff${body}`, "utf16le"));
    const source = await open(path);
    expect(source).toMatchObject({ framing: "utf16", headHash: plain.headHash });
    expect(await readAll(source)).toEqual(await readAll(plain));
  });
});
