import { unlinkSync } from "node:fs";
import { expect, test } from "vitest";
import { Following, lines, pause, range } from "../support/following.ts";

const file = "otel.jsonl";

test("a file removed while it is read is read to its end, however long that takes", async () => {
  const following = await Following.open();
  const numbers = range(1, 25_000);
  following.append(file, lines(...numbers));
  let late = 0;
  let isThere = true;
  const tap = {
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
  await following.start([file], { tap, clock: () => performance.now() + late });
  await pause(500);
  expect((await following.stored()).length).toBe(numbers.length);
});
