import {
  copyFileSync,
  readFileSync,
  renameSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { Following, lineNumber, lines, pause, range, until } from "../support/following.ts";

const file = "otel.jsonl";
const backup = (minute: number) =>
  `otel-2026-11-21T02-${String(minute).padStart(2, "0")}-00.000.jsonl`;

describe("a line", () => {
  test("is stored when its line feed is there, and not a byte before", async () => {
    const following = await Following.open();
    await following.start([file]);
    following.append(file, lines(1));
    await following.expectStored([1]);
    const text = lineNumber(2);
    following.append(file, text.slice(0, 200));
    await pause(300);
    following.append(file, text.slice(200));
    await pause(1500);
    expect(await following.stored()).toEqual([1]);
    expect(await following.files()).toMatchObject([
      { read: Buffer.byteLength(lines(1)), lines: 1 },
    ]);
    following.append(file, "\n");
    await following.expectStored([1, 2]);
    expect(await following.rejected()).toEqual([]);
    expect(await following.files()).toMatchObject([{ lines: 2, records: 2 }]);
  });

  test("that is no telemetry is told and stops nothing", async () => {
    const following = await Following.open();
    await following.start([file]);
    following.append(file, `${lines(1)}garbage\n${lines(2)}`);
    await following.expectStored([1, 2]);
    const at = Buffer.byteLength(lines(1));
    expect(await following.rejected()).toEqual([{ reason: "not-json", file, at }]);
  });

  test("of megabytes that comes in small pieces is searched once", async () => {
    const following = await Following.open();
    const follower = await following.start([file]);
    following.append(file, lines(1));
    await following.expectStored([1]);
    const long = lineNumber(2).replace("claude-opus-5-5", "m".repeat(6_000_000));
    const used = process.cpuUsage();
    for (let at = 0; at < long.length; at += 100_000) {
      following.append(file, long.slice(at, at + 100_000));
      await pause(5);
    }
    following.append(file, `\n${lines(3)}`);
    await following.expectStored([1, 2, 3]);
    const { user } = process.cpuUsage(used);
    expect(user).toBeLessThan(8_000_000);
    expect(follower.troubles).toEqual([]);
  });
});

describe("rotation", () => {
  test("by renaming, again and again, also while nobody reads", async () => {
    const following = await Following.open();
    await following.start([file]);
    for (const turn of range(1, 3)) {
      following.append(file, lines(turn * 10, turn * 10 + 1));
      renameSync(following.path(file), following.path(backup(turn)));
    }
    following.append(file, lines(40));
    await following.expectStored([10, 11, 20, 21, 30, 31, 40]);
    await following.stop();
    for (const turn of range(4, 8)) {
      following.append(file, lines(turn * 10 + 1));
      renameSync(following.path(file), following.path(backup(turn)));
    }
    following.append(file, lines(90));
    await following.start([file]);
    await following.expectStored([10, 11, 20, 21, 30, 31, 40, 41, 51, 61, 71, 81, 90]);
    expect(await following.rejected()).toEqual([]);
  });

  test("tells the store the new names", async () => {
    const following = await Following.open();
    await following.start([file]);
    following.append(file, lines(1));
    await following.expectStored([1]);
    renameSync(following.path(file), following.path(`${file}.1`));
    following.append(file, lines(2));
    await following.expectStored([1, 2]);
    await until("the names are known", async () => (await following.files()).length === 2);
    await until("each by its own", async () => {
      const files = await following.files();
      return files.map((each) => each["file"]).join() === `${file},${file}.1`;
    });
  });

  test("by logrotate's numbers, compressed later: nothing twice", async () => {
    const following = await Following.open();
    await following.start([file]);
    following.append(file, lines(1, 2));
    await following.expectStored([1, 2]);
    renameSync(following.path(file), following.path(`${file}.1`));
    following.append(file, lines(3));
    await following.expectStored([1, 2, 3]);
    writeFileSync(following.path(`${file}.2.gz`), gzipSync(lines(1, 2)));
    unlinkSync(following.path(`${file}.1`));
    following.append(file, lines(4));
    await pause(3500);
    await following.expectStored([1, 2, 3, 4]);
    expect(await following.rejected()).toEqual([]);
    expect((await following.files()).map((each) => each["records"])).toEqual([2, 2]);
  });

  test("within a line: its halves are one again", async () => {
    const following = await Following.open();
    await following.start([file]);
    const text = lineNumber(2);
    following.append(file, `${lines(1)}${text.slice(0, 300)}`);
    await following.expectStored([1]);
    renameSync(following.path(file), following.path(backup(1)));
    following.append(file, `${text.slice(300)}\n${lines(3)}`);
    await following.expectStored([1, 2, 3]);
    expect(await following.rejected()).toEqual([]);
  });

  test.each([
    ["followed", 400],
    ["imported", 400],
    ["followed", 203],
    ["imported", 203],
  ])("twice within one line, %s, the second time at byte %i", async (how, second) => {
    const following = await Following.open();
    const text = lineNumber(2);
    if (how === "followed") await following.start([file]);
    following.append(file, `${lines(1)}${text.slice(0, 200)}`);
    if (how === "followed") await following.expectStored([1]);
    renameSync(following.path(file), following.path(backup(1)));
    following.append(file, text.slice(200, second));
    if (how === "followed") await pause(200);
    renameSync(following.path(file), following.path(backup(2)));
    following.append(file, `${text.slice(second)}\n${lines(3)}`);
    if (how === "imported") await following.import(file);
    await following.expectStored([1, 2, 3]);
    await until("nothing is told", async () => (await following.rejected()).length === 0);
  });

  test.each(["followed", "imported"])(
    "twice within one line, its line feed alone in the last file, %s",
    async (how) => {
      const following = await Following.open();
      const text = lineNumber(2);
      if (how === "followed") await following.start([file]);
      following.append(file, `${lines(1)}${text.slice(0, 200)}`);
      if (how === "followed") await following.expectStored([1]);
      renameSync(following.path(file), following.path(backup(1)));
      following.append(file, text.slice(200));
      if (how === "followed") await pause(200);
      renameSync(following.path(file), following.path(backup(2)));
      following.append(file, "\n");
      if (how === "imported") await following.import(file);
      await following.expectStored([1, 2]);
      await until("nothing is told", async () => (await following.rejected()).length === 0);
    },
  );

  test.each(["followed", "imported"])(
    "twice within one line, with copies of its pieces between, %s",
    async (how) => {
      const following = await Following.open();
      const text = lineNumber(1);
      if (how === "followed") await following.start([file]);
      following.append(file, text.slice(0, 200));
      copyFileSync(following.path(file), following.path(backup(1)));
      following.append(file, text.slice(200, 400));
      if (how === "followed") await pause(200);
      renameSync(following.path(file), following.path(backup(2)));
      following.append(file, text.slice(400, 500));
      copyFileSync(following.path(file), following.path(backup(3)));
      if (how === "followed") await pause(200);
      following.append(file, `${text.slice(500)}\n${lines(2)}`);
      if (how === "imported") await following.import(file);
      await following.expectStored([1, 2]);
      await until("only copies are told", async () => (await following.rejected()).length === 2);
    },
  );

  test.each(["followed", "imported"])(
    "within a line, then copied within another one, cut at the same place, %s",
    async (how) => {
      const following = await Following.open();
      const [second, fourth] = [lineNumber(2), lineNumber(4)];
      if (how === "followed") await following.start([file]);
      following.append(file, `${lines(1)}${second.slice(0, 300)}`);
      if (how === "followed") await following.expectStored([1]);
      renameSync(following.path(file), following.path(backup(1)));
      following.append(file, `${second.slice(300)}\n${lines(3)}${fourth.slice(0, 300)}`);
      copyFileSync(following.path(file), following.path(backup(2)));
      if (how === "followed") await following.expectStored([1, 2, 3]);
      following.append(file, `${fourth.slice(300)}\n`);
      if (how === "imported") await following.import(file);
      await following.expectStored([1, 2, 3, 4]);
    },
  );

  test("twice within one line, and its first file compressed meanwhile", async () => {
    const following = await Following.open();
    await following.start([file]);
    const text = lineNumber(2);
    following.append(file, `${lines(1)}${text.slice(0, 200)}`);
    await following.expectStored([1]);
    renameSync(following.path(file), following.path(backup(1)));
    writeFileSync(
      following.path(`${backup(1)}.gz`),
      gzipSync(readFileSync(following.path(backup(1)))),
    );
    unlinkSync(following.path(backup(1)));
    following.append(file, text.slice(200, 400));
    await pause(100);
    renameSync(following.path(file), following.path(backup(2)));
    following.append(file, `${text.slice(400)}\n${lines(3)}`);
    await following.expectStored([1, 2, 3]);
    await until("nothing is told", async () => (await following.rejected()).length === 0);
  });

  test("within a line whose beginning is only in a compressed file yet", async () => {
    const following = await Following.open();
    const text = lineNumber(2);
    writeFileSync(following.path(`${backup(1)}.gz`), gzipSync(`${lines(1)}${text.slice(0, 200)}`));
    following.append(file, `${text.slice(200)}\n`);
    await following.start([file]);
    // What is told before the compressed file is whole would be told again in each of its pieces.
    const told: number[] = [];
    await until("both are stored", async () => {
      if (!following.store.exists) return false;
      told.push((await following.rejected()).length);
      return (await following.stored()).length === 2;
    });
    expect(Math.max(...told)).toBe(0);
  });

  test("within a line of the file that came after a removed one", async () => {
    const following = await Following.open();
    await following.start([file]);
    following.append(file, lines(1));
    await following.expectStored([1]);
    unlinkSync(following.path(file));
    const text = lineNumber(2);
    following.append(file, text.slice(0, 200));
    await pause(200);
    renameSync(following.path(file), following.path(backup(1)));
    following.append(file, `${text.slice(200)}\n${lines(3)}`);
    await following.expectStored([1, 2, 3]);
    expect(await following.rejected()).toEqual([]);
  });

  test("within a line whose rest comes much later", async () => {
    const following = await Following.open();
    let late = 0;
    const follower = await following.start([file], { clock: () => performance.now() + late });
    const text = lineNumber(2);
    following.append(file, `${lines(1)}${text.slice(0, 300)}`);
    await following.expectStored([1]);
    renameSync(following.path(file), following.path(backup(1)));
    await until("the new name is known", () =>
      follower.files.some(({ path }) => path.endsWith(backup(1))),
    );
    late = 60_000;
    await until("it is told", async () => (await following.rejected()).length === 1);
    await until("and closed", () => follower.files.every(({ isOpen }) => !isOpen));
    following.append(file, text.slice(300, 400));
    await pause(300);
    following.append(file, `${text.slice(400)}\n${lines(3)}`);
    await following.expectStored([1, 2, 3]);
    await until("it is taken back", async () => (await following.rejected()).length === 0);
    expect(follower.files.map(({ rejected }) => rejected)).toEqual([0, 0]);
  });

  test("between a line and its line feed", async () => {
    const following = await Following.open();
    await following.start([file]);
    following.append(file, `${lines(1)}${lineNumber(2)}`);
    await following.expectStored([1]);
    renameSync(following.path(file), following.path(backup(1)));
    following.append(file, `\n${lines(3)}`);
    await following.expectStored([1, 2, 3]);
    expect(await following.rejected()).toEqual([]);
  });

  test("by copying and truncating, with a line cut in two", async () => {
    const following = await Following.open();
    await following.start([file]);
    const text = lineNumber(3);
    following.append(file, `${lines(1, 2)}${text.slice(0, 250)}`);
    await following.expectStored([1, 2]);
    copyFileSync(following.path(file), following.path(`${file}.1`));
    truncateSync(following.path(file), 0);
    following.append(file, `${text.slice(250)}\n${lines(4)}`);
    await following.expectStored([1, 2, 3, 4]);
    expect(await following.rejected()).toEqual([]);
  });
});

describe("a file", () => {
  test("that is emptied and longer than before when it is looked at again", async () => {
    const following = await Following.open();
    await following.start([file]);
    following.append(file, lines(1));
    await following.expectStored([1]);
    writeFileSync(following.path(file), lines(...range(2, 9)));
    await following.expectStored(range(1, 9));
  });

  test("that is removed with bytes that nobody has read", async () => {
    const following = await Following.open();
    await following.start([file]);
    following.append(file, lines(1));
    await following.expectStored([1]);
    following.append(file, lines(2));
    unlinkSync(following.path(file));
    await following.expectStored([1, 2]);
    following.append(file, lines(3));
    await following.expectStored([1, 2, 3]);
  });

  test("behind a link that is pointed elsewhere", async () => {
    const following = await Following.open();
    following.append("one.jsonl", lines(1));
    symlinkSync(following.path("one.jsonl"), following.path(file));
    await following.start([file]);
    following.append("two.jsonl", lines(3));
    following.append("one.jsonl", lines(2));
    unlinkSync(following.path(file));
    symlinkSync(following.path("two.jsonl"), following.path(file));
    await following.expectStored([1, 2, 3]);
  });

  test("that another process imports meanwhile counts once, line by line", async () => {
    const following = await Following.open();
    await following.start([file]);
    for (const turn of range(1, 20)) {
      following.append(file, lines(turn));
      if (turn % 3 === 0) await following.import(file);
      else await pause(30);
    }
    await following.expectStored(range(1, 20));
    await pause(500);
    expect(await following.files()).toMatchObject([{ lines: 20, records: 20 }]);
  });

  test("with a large backlog does not hold up another", async () => {
    const following = await Following.open();
    writeFileSync(following.path("large.jsonl"), lines(...range(1, 40_000)));
    writeFileSync(following.path(file), lines(50_000));
    const order: number[] = [];
    const starting = following.start(["large.jsonl", file], {
      tap: {
        pause: () => undefined,
        decoded: (batch) => order.push(batch.rows),
        handedOn: () => undefined,
        storing: async (session) => {
          const [row] = await session.rows(
            `SELECT count(*)::INT AS stored, count(*) FILTER (WHERE request_id = 'req_50000')::INT AS other
             FROM base.api_request_logs`,
          );
          return () => {
            if (row?.["other"] === 1) order.push(-Number(row["stored"]));
          };
        },
        refresh: async () => undefined,
      },
    });
    await starting;
    const storedWithOther = order.find((each) => each < 0) ?? 0;
    expect(-storedWithOther).toBeGreaterThan(0);
    expect(-storedWithOther).toBeLessThan(30_000);
    await following.expectStored([...range(1, 40_000), 50_000]);
  });
});

test("the damage in a copy of a file's beginning is told once", async () => {
  const following = await Following.open();
  await following.start([file]);
  following.append(file, `${lines(1)}garbage\n${lines(2, 3)}`);
  await following.expectStored([1, 2, 3]);
  await following.stop();
  following.append(backup(1), `${lines(1)}garbage\n${lines(2)}`);
  await following.import(backup(1));
  await following.import(file);
  expect(await following.rejected()).toHaveLength(1);
  expect(await following.stored()).toEqual([1, 2, 3]);
});

describe("the database", () => {
  test("that is removed is made again from the files", async () => {
    const following = await Following.open();
    await following.start([file]);
    following.append(file, lines(1, 2));
    await following.expectStored([1, 2]);
    unlinkSync(following.path("store.duckdb"));
    following.append(file, lines(3));
    await following.expectStored([1, 2, 3]);
    expect(await following.files()).toMatchObject([{ lines: 3 }]);
  });

  test("whose place is taken is waited for", async () => {
    const following = await Following.open();
    writeFileSync(
      following.path("store.duckdb"),
      "not a database at all, but long enough to be one",
    );
    following.append(file, lines(1));
    const starting = following.start([file]);
    await pause(700);
    unlinkSync(following.path("store.duckdb"));
    await starting;
    await following.expectStored([1]);
  });
});
