import { rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { randomFrom } from "../../bench/support/random.mjs";
import { seed } from "../../packages/core/test/support/runs.ts";
import { testFolder } from "../support/cli.ts";
import { layOutGenerated } from "../support/generated.ts";
import { runImport } from "../support/importer.ts";
import { doubledRows, storeContent } from "../support/store-content.ts";

/** `npm run bench -- kill9` asks for a hundred. */
const kills = Number(process.env["KILLS"] ?? 8);

/** Few rows a lease make many moments between two transactions. */
const LEASE_ROWS = 500;
/** Every so many imports the program itself is killed, with the leases it has. */
const PROGRAM_EVERY = 5;

test(`an import killed ${kills} times loses and doubles nothing (FAULT_SEED=${seed})`, async () => {
  const folder = await testFolder();
  const paths = [await layOutGenerated(folder)];
  const undisturbed = join(folder, "undisturbed.duckdb");
  const program = await runImport({ database: undisturbed, paths });
  expect(program.said).not.toContain("bug");
  const expected = await storeContent(undisturbed);
  const paced = { database: join(folder, "paced.duckdb"), paths, leaseRows: LEASE_ROWS };
  const { tookMs } = await runImport(paced);
  expect(await storeContent(paced.database)).toEqual(expected);

  const random = randomFrom(seed);
  const database = join(folder, "killed.duckdb");
  let killed = 0;
  for (let round = 1; killed < kills; round++) {
    const own = round % PROGRAM_EVERY !== 0;
    const end = await runImport({
      database,
      paths,
      ...(own ? { leaseRows: LEASE_ROWS } : {}),
      killAfterMs: random.next() * (own ? tookMs : program.tookMs),
    });
    if (end.code === null) {
      killed++;
      expect(await opened(database), `after kill ${killed}`).toBe(0);
    } else {
      expect(end).toMatchObject({ code: 0 });
      expect(await storeContent(database), `complete after ${killed} kills`).toEqual(expected);
      await rm(database);
    }
  }
  expect(await runImport({ database, paths })).toMatchObject({ code: 0 });
  expect(await storeContent(database)).toEqual(expected);
}, 1_800_000);

/** The doubled rows of a database that must open; one that was killed before it was made has none. */
async function opened(database: string): Promise<number> {
  try {
    return await doubledRows(database);
  } catch (error) {
    if (error instanceof Error && /no database at/.test(error.message)) return 0;
    throw error;
  }
}
