import { symlinkSync, unlinkSync, writeFileSync } from "node:fs";
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

  test("that is no telemetry is reported and stops nothing", async () => {
    const following = await Following.open();
    await following.start([file]);
    following.append(file, `${lines(1)}garbage\n${lines(2)}`);
    await following.expectStored([1, 2]);
    const at = Buffer.byteLength(lines(1));
    expect(await following.rejected()).toEqual([{ reason: "other-text", file, at }]);
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

test("while others wait for the database, more is collected before it is stored", async () => {
  const following = await Following.open();
  await following.start([file]);
  following.append(file, lines(1));
  await following.expectStored([1]);
  Object.defineProperty(following.store, "contended", { value: true });
  Object.defineProperty(following.store, "waitedMs", { value: 400 });
  following.append(file, lines(2));
  await following.expectStored([1, 2]);
  following.append(file, lines(3));
  await pause(240);
  expect(await following.stored()).toEqual([1, 2]);
  await following.expectStored([1, 2, 3]);
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

  test("that held half a line, and then a whole one that is shorter", async () => {
    const following = await Following.open();
    following.append(file, lineNumber(1).padEnd(5_000));
    const follower = await following.start([file]);
    await until("it is looked at", () => follower.files.some(({ isRead }) => isRead));
    writeFileSync(following.path(file), lines(2));
    await following.expectStored([2]);
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
      listener: {
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

test("the damage in a copy of a file's beginning is reported once", async () => {
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
