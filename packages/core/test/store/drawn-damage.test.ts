import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { KnownError } from "../../src/errors.ts";
import { openStoreWith } from "../../src/store/store.ts";
import { runs, seed } from "../support/runs.ts";
import { newFolder } from "./store-process.ts";

const definition = { statements: [] };

/** A way to damage a file, by parts of its length. */
const damages = fc.oneof(
  fc.record({ kind: fc.constant("cut" as const), at: fc.double({ min: 0, max: 1, noNaN: true }) }),
  fc.record({
    kind: fc.constantFrom("bit" as const, "zeros" as const, "noise" as const, "head" as const),
    at: fc.double({ min: 0, max: 0.999, noNaN: true }),
    byte: fc.integer({ min: 1, max: 255 }),
  }),
);
type Damage = typeof damages extends fc.Arbitrary<infer T> ? T : never;

function damaged(sound: Buffer, damage: Damage): Buffer {
  const at = Math.floor(damage.at * sound.length);
  if (damage.kind === "cut") return sound.subarray(0, at);
  const bytes = Buffer.from(sound);
  const place = damage.kind === "head" ? Math.floor(damage.at * 12_288) : at;
  const length = { bit: 1, head: 1, zeros: 4_096, noise: 512 }[damage.kind];
  for (let index = place; index < Math.min(bytes.length, place + length); index++) {
    bytes[index] = damage.kind === "zeros" ? 0 : (bytes[index] ?? 0) ^ damage.byte;
  }
  return bytes;
}

const TEXTS = "SELECT count(*) AS n, sum(number) AS total, max(text) AS text FROM numbers";

test(`a damaged file gives the right numbers or one known error (FAULT_SEED=${seed})`, async () => {
  const path = join(await newFolder(), "t.duckdb");
  const first = await openStoreWith(definition, path);
  await first.writing((session) =>
    session.run(
      "CREATE TABLE numbers AS SELECT range AS number, md5(range::VARCHAR) AS text FROM range(40000)",
    ),
  );
  const look = () => store.reading(async (session) => session.rows(TEXTS));
  await first.close();
  const sound = readFileSync(path);
  const store = await openStoreWith(definition, path, { waitMs: 500 });
  const right = await look();
  const property = fc.asyncProperty(damages, async (damage) => {
    writeFileSync(path, damaged(sound, damage));
    for (const work of [look, () => store.writing(() => Promise.resolve())]) {
      const outcome = await work().catch((error: unknown) => error);
      if (outcome instanceof KnownError) {
        expect(["store-damaged", "store-foreign", "store-missing"]).toContain(outcome.code);
        expect(outcome.message).toContain(path);
      } else if (outcome !== undefined) {
        expect(outcome).toEqual(right);
      }
    }
  });
  await fc.assert(property, { numRuns: runs(20), seed });
  await store.close();
});
