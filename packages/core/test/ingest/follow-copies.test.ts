import { copyFileSync } from "node:fs";
import { expect, test } from "vitest";
import { Following, lines, until } from "../support/following.ts";

const [one, other] = ["a.jsonl", "b.jsonl"];

test.each([
  ["the copy", one, other],
  ["the original", other, one],
])("a file and its copy go on differently, %s less far", async (_what, further, shorter) => {
  const following = await Following.open();
  following.append(one, lines(1, 2));
  const follower = await following.start([""]);
  await following.expectStored([1, 2]);
  copyFileSync(following.path(one), following.path(other));
  await until("both are read", () => follower.files.filter(({ isRead }) => isRead).length === 2);
  following.append(further, lines(3, 4));
  await following.expectStored([1, 2, 3, 4]);
  following.append(shorter, lines(5));
  await following.expectStored([1, 2, 3, 4, 5]);
  following.append(further, lines(6));
  following.append(shorter, lines(7));
  await following.expectStored([1, 2, 3, 4, 5, 6, 7]);
  expect(await following.rejected()).toEqual([]);
});
