import { expect, test } from "vitest";
import type { IngestListener } from "../../src/ingest/ingest-listener.ts";
import { Following, lines, range, until } from "../support/following.ts";

const file = "otel.jsonl";
/** More than is read in one turn. */
const many = range(2, 12_000);

test("a backlog is being caught up with until the live view has learned of all of it", async () => {
  const following = await Following.open();
  following.append(file, lines(1));
  let letGo: () => void = () => undefined;
  let learned = 0;
  const listener: IngestListener = {
    pause: () => undefined,
    decoded: () => undefined,
    handedOn: () => undefined,
    storing: () => Promise.resolve(() => undefined),
    refresh: async () => {
      if (learned++ === 0) return;
      await new Promise<void>((done) => {
        letGo = done;
      });
    },
  };
  const seen: (number | undefined)[] = [];
  let note: () => void = () => undefined;
  const follower = await following.start([file], { listener, onChange: () => note() });
  note = () => void seen.push(follower.catchingUp);
  expect(follower.catchingUp).toBeUndefined();
  following.append(file, lines(...many));
  await until("the live view is asked", () => learned === 2, 60_000);
  // All of it is read and stored; the live view is still learning of it.
  expect([follower.catchingUp, follower.catchingUp]).toEqual([0.99, 0.99]);
  letGo();
  await following.expectStored([1, ...many]);
  await until("it is over", () => follower.catchingUp === undefined);
  const parts = seen.filter((part) => part !== undefined);
  expect(parts.length).toBeGreaterThan(0);
  expect(parts).toEqual([...parts].sort((a, b) => a - b));
});
