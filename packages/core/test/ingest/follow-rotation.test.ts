import {
  copyFileSync,
  readFileSync,
  renameSync,
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

  test("gives the store the new names", async () => {
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
    await until("nothing is rejected", async () => (await following.rejected()).length === 0);
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
      await until("nothing is rejected", async () => (await following.rejected()).length === 0);
    },
  );

  test("twice within one line, by logrotate's numbers", async () => {
    const following = await Following.open();
    const text = lineNumber(2);
    await following.start([file]);
    following.append(file, `${lines(1)}${text.slice(0, 200)}`);
    await following.expectStored([1]);
    renameSync(following.path(file), following.path(`${file}.1`));
    following.append(file, text.slice(200, 400));
    await pause(200);
    renameSync(following.path(`${file}.1`), following.path(`${file}.2`));
    renameSync(following.path(file), following.path(`${file}.1`));
    following.append(file, `${text.slice(400)}\n${lines(3)}`);
    await following.expectStored([1, 2, 3]);
    await until("nothing is rejected", async () => (await following.rejected()).length === 0);
  });

  test.each(["followed", "met", "imported"])(
    "twice within one line, the file between left empty, %s",
    async (how) => {
      const following = await Following.open();
      const text = lineNumber(2);
      if (how === "followed") await following.start([file]);
      following.append(file, `${lines(1)}${text.slice(0, 200)}`);
      if (how === "followed") await following.expectStored([1]);
      renameSync(following.path(file), following.path(backup(1)));
      following.append(file, "");
      if (how === "followed") await pause(200);
      renameSync(following.path(file), following.path(backup(2)));
      following.append(file, `${text.slice(200)}\n${lines(3)}`);
      if (how === "met") await following.start([file]);
      if (how === "imported") await following.import(file);
      await following.expectStored([1, 2, 3], 3000);
      await until("nothing is rejected", async () => (await following.rejected()).length === 0);
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
      await until(
        "only copies are rejected",
        async () => (await following.rejected()).length === 2,
      );
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
    await until("nothing is rejected", async () => (await following.rejected()).length === 0);
  });

  test("within a line whose beginning is only in a compressed file yet", async () => {
    const following = await Following.open();
    const text = lineNumber(2);
    writeFileSync(following.path(`${backup(1)}.gz`), gzipSync(`${lines(1)}${text.slice(0, 200)}`));
    following.append(file, `${text.slice(200)}\n`);
    await following.start([file]);
    // What is rejected before the compressed file is whole would be rejected again in each piece.
    const rejected: number[] = [];
    await until("both are stored", async () => {
      if (!following.store.exists) return false;
      rejected.push((await following.rejected()).length);
      return (await following.stored()).length === 2;
    });
    expect(Math.max(...rejected)).toBe(0);
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
    await until("it is rejected", async () => (await following.rejected()).length === 1);
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
