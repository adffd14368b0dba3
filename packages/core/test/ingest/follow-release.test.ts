import { unlinkSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { Following, lineNumber, lines, pause, range, until } from "../support/following.ts";

const file = "otel.jsonl";

test("a file removed while it is read is read to its end, however long that takes", async () => {
  const following = await Following.open();
  const numbers = range(1, 25_000);
  following.append(file, lines(...numbers));
  let late = 0;
  let isThere = true;
  const listener = {
    pause: () => undefined,
    decoded: () => {
      if (isThere) unlinkSync(following.path(file));
      isThere = false;
      late += 3000;
    },
    handedOn: () => undefined,
    storing: () => Promise.resolve(() => undefined),
    refresh: () => Promise.resolve(),
  };
  await following.start([file], { listener, clock: () => performance.now() + late });
  await pause(500);
  expect((await following.stored()).length).toBe(numbers.length);
});

test("a file whose end was completed by the next one is known again when it is another", async () => {
  const following = await Following.open();
  const backup = "otel-2026-11-21T02-00-00.000.jsonl";
  const cut = lineNumber(2);
  following.append(backup, lines(1) + cut.slice(0, 300));
  following.append(file, `${cut.slice(300)}\n${lines(3)}`);
  let late = 0;
  const clock = () => performance.now() + late;
  const follower = await following.start([file], { clock });
  await following.expectStored([1, 2, 3]);
  late = 11_000;
  await until("it is closed", () => follower.files.filter(({ isOpen }) => isOpen).length === 1);
  writeFileSync(following.path(backup), lines(4, 5, 6, 7));
  await following.expectStored([1, 2, 3, 4, 5, 6, 7]);
  expect(await following.rejected()).toEqual([]);
});
