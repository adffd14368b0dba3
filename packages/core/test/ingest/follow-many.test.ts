import { readdirSync, renameSync, unlinkSync } from "node:fs";
import { expect, test } from "vitest";
import { Following, lines, pause, range, until } from "../support/following.ts";

const descriptors = (): number => readdirSync("/proc/self/fd").length;

test.skipIf(process.platform !== "linux")(
  "a hundred quick rotations leave no file open for good, and no line behind",
  async () => {
    const following = await Following.open();
    const follower = await following.start(["otel.jsonl"]);
    const before = descriptors();
    for (const turn of range(1, 100)) {
      following.append("otel.jsonl", lines(turn));
      renameSync(following.path("otel.jsonl"), following.path(`otel.jsonl.${10_000 - turn}`));
      if (turn > 5) unlinkSync(following.path(`otel.jsonl.${10_000 - turn + 5}`));
      await pause(10);
    }
    following.append("otel.jsonl", lines(101));
    await following.expectStored(range(1, 101));
    expect(descriptors()).toBeLessThan(before + 60);
    await until("files are closed", () => descriptors() <= before + 10, 30_000);
    expect(follower.files.length).toBeLessThan(12);
  },
);

test("hundreds of files in a folder, none of them held for nothing", async () => {
  const following = await Following.open();
  for (const at of range(1, 300)) following.append(`file-${at}.jsonl`, lines(at));
  const follower = await following.start(["."]);
  await following.expectStored(range(1, 300));
  await until("some are closed", () => follower.files.filter(({ isOpen }) => isOpen).length <= 200);
  following.append("file-1.jsonl", lines(301));
  following.append("file-300.jsonl", lines(302));
  following.append("new.jsonl", lines(303));
  await following.expectStored(range(1, 303));
});
