import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { run, testFolder } from "../support/cli.ts";
import { Ledger, survived } from "./support/ledger.ts";
import { telemetryLine } from "./support/lines.ts";
import { FollowReader } from "./support/readers.ts";
import { leftOut, noteResult } from "./support/results.ts";
import { SmallDisk } from "./support/small-disk.ts";
import { pause, waitUntil } from "./support/waiting.ts";
import { appendUntilFull, sizeOf } from "./support/writers.ts";

/** Enough for a database with some hundred lines, not for all that are written. */
const DISK_KILOBYTES = 6_144;
const what = "a full disk";

describe.skipIf(leftOut(what, ["unshare", "nsenter"]))(what, () => {
  test("of the database: the follower waits, and goes on when there is space", async () => {
    const disk = await SmallDisk.mount(await testFolder(), DISK_KILOBYTES);
    const ledger = new Ledger();
    const path = join(disk.folder, "otel.jsonl");
    const reader = new FollowReader({
      folder: disk.folder,
      path,
      ledger,
      launcher: disk.launcher,
      database: disk.inside("store.duckdb"),
      hidden: true,
    });
    try {
      appendLines(path, ledger, 0, 20);
      await reader.start();
      await waitUntil(async () => (await reader.count()) === 20, 60_000);
      await disk.fill();
      for (let round = 1; round <= 5; round++) {
        appendLines(path, ledger, round * 100, 60);
        await pause(300);
      }
      const stored = await reader.count();
      expect(stored).toBeLessThan(ledger.written);
      await disk.empty();
      await waitUntil(async () => (await reader.count()) === ledger.written, 60_000);
      const arrival = await reader.arrival();
      const verdict = ledger.compare(arrival, await reader.stop());
      noteResult({ part: "R6", what: "database", storedWhenFull: stored, ...verdict });
      expect(verdict.details).toEqual([]);
      expect(survived(verdict)).toBe(true);
    } finally {
      await reader.kill();
      await disk.unmount();
    }
  });

  test.each([64, 300, 700])(
    "too small for a new database, %d kB: an import says so and leaves nothing there",
    async (kilobytes) => {
      const folder = await testFolder();
      const disk = await SmallDisk.mount(folder, kilobytes);
      try {
        const path = join(folder, "otel.jsonl");
        appendLines(path, new Ledger(), 0, 5);
        const { code, stderr } = await run(["import", path, "--db", disk.inside("store.duckdb")], {
          launcher: disk.launcher,
        });
        expect([code, stderr]).toEqual([
          1,
          expect.stringMatching(/^cctelemetry: There is no space/),
        ]);
        expect(await readdir(disk.seen(""))).toEqual([]);
      } finally {
        await disk.unmount();
      }
    },
  );

  test("of the telemetry: torn lines cost nobody but themselves", async () => {
    const folder = await testFolder();
    const disk = await SmallDisk.mount(folder, DISK_KILOBYTES);
    const ledger = new Ledger();
    const inside = disk.inside("otel.jsonl");
    const seen = disk.seen("otel.jsonl");
    const reader = new FollowReader({ folder, path: inside, ledger, launcher: disk.launcher });
    try {
      appendLines(seen, ledger, 0, 20);
      await reader.start();
      for (let round = 1; round <= 3; round++) {
        await disk.fill(3_000 * round);
        writeWhileThereIsSpace(seen, ledger, round * 1_000);
        await pause(300);
        await disk.empty();
        appendLines(seen, ledger, round * 1_000 + 500, 20);
      }
      await waitUntil(async () => (await reader.count()) === ledger.written, 60_000);
      const verdict = ledger.compare(await reader.arrival(), await reader.stop());
      noteResult({ part: "R6", what: "telemetry", bytes: sizeOf(seen), ...verdict });
      expect(verdict.details).toEqual([]);
      expect(survived(verdict)).toBe(true);
    } finally {
      await reader.kill();
      await disk.unmount();
    }
  });
});

function appendLines(path: string, ledger: Ledger, from: number, count: number): void {
  for (let number = from; number < from + count; number++) {
    const line = telemetryLine(number);
    if (!appendUntilFull(path, `${line.text}\n`)) throw new Error("the disk is full too early");
    ledger.expect(line.records);
  }
}

/** Appends until a line no longer fits; that one is torn, and was never acknowledged. */
function writeWhileThereIsSpace(path: string, ledger: Ledger, from: number): void {
  for (let number = from; ; number++) {
    const line = telemetryLine(number);
    if (!appendUntilFull(path, `${line.text}\n`)) {
      ledger.damaged();
      return;
    }
    ledger.expect(line.records);
  }
}
