import { isUtf8 } from "node:buffer";
import fc from "fast-check";
import { expect, test } from "vitest";
import { byId } from "../support/batch-rows.ts";
import { GeneralDecoder, ImportingDecoder, ScanningDecoder } from "../support/decode.ts";
import { linesOf } from "../support/fixtures.ts";
import { runs } from "../support/runs.ts";

/** Short lines of every kind: logs, metrics, spans, old and new marshallers. */
const samples: readonly Buffer[] = [
  "L-json-tools.jsonl",
  "L-json-cumulative.jsonl",
  "L-json-traces.jsonl",
  "O-json-tools.jsonl",
  "V-2.1.20.jsonl",
  "edge/marshaller-0.125.jsonl",
].flatMap((path) =>
  linesOf(path)
    .filter((line) => line.length < 6000)
    .slice(0, 8),
);

/** Bytes that mean something to JSON, or to what reads it. */
const tokens = [
  ...'{}[]",:\\-+.eE0123456789 \t\r\u0000',
  "null",
  "true",
  '"',
  "\\u0000",
  "\\ud800",
  "1e999",
  "{}",
  "[]",
  '"dataPoints":[',
  '{"resourceLogs":[',
  '"__proto__":',
  "\u00e9",
].map((token) => Buffer.from(token));

type Mutation = (line: Buffer) => Buffer;

const place = fc.noBias(fc.nat(999_999)).map((millionths) => millionths / 1_000_000);

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.tuple(place, fc.nat(255)).map(([at, byte]): Mutation => {
    return (line) => splice(line, at, 1, Buffer.of(byte === 0x0a ? 0x20 : byte));
  }),
  fc.tuple(place, fc.nat(7)).map(([at, bit]): Mutation => {
    return (line) => {
      const byte = (line[Math.floor(at * line.length)] ?? 0) ^ (1 << bit);
      return splice(line, at, 1, Buffer.of(byte === 0x0a ? 0x20 : byte));
    };
  }),
  fc.tuple(place, fc.constantFrom(...tokens)).map(
    ([at, token]): Mutation =>
      (line) =>
        splice(line, at, 0, token),
  ),
  fc.tuple(place, fc.nat(40)).map(([at, length]): Mutation => {
    return (line) => splice(line, at, length, Buffer.alloc(0));
  }),
  place.map(
    (at): Mutation =>
      (line) =>
        line.subarray(0, Math.floor(at * line.length)),
  ),
  fc.tuple(place, place, fc.nat(60)).map(([from, to, length]): Mutation => {
    return (line) => {
      const start = Math.floor(from * line.length);
      return splice(line, to, 0, line.subarray(start, start + length));
    };
  }),
);

function splice(line: Buffer, at: number, removed: number, put: Buffer): Buffer {
  const from = Math.floor(at * line.length);
  return Buffer.concat([line.subarray(0, from), put, line.subarray(from + removed)]);
}

function jsonOf(line: Buffer): string | undefined {
  const text = line.toString("utf8");
  try {
    JSON.parse(text);
    return text;
  } catch {
    return undefined;
  }
}

test("a mutated line never takes its neighbours with it, nor means two things", () => {
  const general = new GeneralDecoder();
  const scanning = new ScanningDecoder();
  const importing = new ImportingDecoder();
  const newline = Buffer.from("\n");
  let parsed = 0;
  let scanned = 0;
  const numRuns = runs(800);
  fc.assert(
    fc.property(
      fc.nat(samples.length - 1),
      fc.nat(samples.length - 1),
      fc.array(mutation, { minLength: 1, maxLength: 3 }),
      (which, beside, mutations) => {
        const line = samples[which] as Buffer;
        const neighbour = samples[beside] as Buffer;
        const mutated = mutations.reduce((bytes, mutate) => mutate(bytes), line);

        importing.block(Buffer.concat([line, newline, mutated, newline, neighbour, newline]));
        const stored = byId(importing.take());
        for (const good of [line, neighbour]) {
          general.text(good.toString("utf8"));
          for (const [id, row] of byId(general.take())) expect(stored.get(id)).toEqual(row);
        }

        const json = jsonOf(mutated);
        const records = isUtf8(mutated) ? scanning.line(mutated) : -1;
        const rows = scanning.take();
        if (json === undefined) {
          expect(records).toBe(-1);
          return;
        }
        parsed++;
        const outcome = general.text(json);
        const expected = general.take();
        for (const [id, row] of byId(expected)) expect(stored.get(id)).toEqual(row);
        if (records < 0) return;
        scanned++;
        expect(outcome).toMatchObject({ records, rejected: 0 });
        expect(rows).toEqual(expected);
      },
    ),
    { numRuns },
  );
  expect(parsed).toBeGreaterThan(numRuns / 20);
  expect(scanned).toBeGreaterThan(numRuns / 40);
});
