import { expect, test } from "vitest";
import type { IngestListener } from "../../src/ingest/ingest-listener.ts";
import { LiveView } from "../../src/live/pending.ts";
import { LiveListener } from "../../src/live-store/live-listener.ts";
import { storeDefinition } from "../../src/semantics/definition.ts";
import type { Session } from "../../src/store/session.ts";
import { Following, lineNumber, lines, range, until } from "../support/following.ts";
import { options } from "../support/live.ts";

const file = "otel.jsonl";
const NOW = Date.UTC(2026, 10, 21, 0, 10) * 1000;

/** How a live query fails: in the engine, which gives up the transaction, or the engine itself. */
const failures = [
  "SELECT error('Out of Range Error: Overflow in multiplication of DECIMAL(18)')",
  "SELECT CAST('no number' AS INTEGER)",
  "SELECT error('FATAL Error: the engine ended itself')",
] as const;

/** A live view whose queries fail as long as `failing` says how. */
function fragile(): {
  readonly tap: IngestListener;
  readonly requests: () => number | undefined;
  failing: string | undefined;
} {
  const view = new LiveView(options);
  const live = new LiveListener(view, () => NOW);
  const fail = async (session: Session | undefined): Promise<void> => {
    if (made.failing !== undefined) await session?.run(made.failing);
  };
  const made = {
    failing: undefined as string | undefined,
    requests: () => view.snapshot(NOW).sessions[0]?.requests,
    tap: {
      pause: () => live.pause(),
      decoded: (batch, show) => live.decoded(batch, show),
      handedOn: () => live.handedOn(),
      storing: async (session) => {
        await fail(session);
        return live.storing(session);
      },
      refresh: async (session) => {
        await fail(session);
        await live.refresh(session);
      },
    } satisfies IngestListener,
  };
  return made;
}

test.each(failures)("rows are stored and shown while a live query fails: %s", async (failing) => {
  const following = await Following.open(storeDefinition);
  const live = fragile();
  following.append(file, lines(1));
  const follower = await following.start([file], { listener: live.tap });
  live.failing = failing;
  following.append(file, lines(2));
  await following.expectStored([1, 2]);
  await until("the failure is reported", () => follower.tapError !== undefined);
  following.append(file, lines(...range(3, 40)));
  await following.expectStored(range(1, 40));
  await until("they are shown", () => live.requests() === 40);
  expect(follower.storeError).toBeUndefined();
  live.failing = undefined;
  await until("the failure is over", () => follower.tapError === undefined);
  following.append(file, lines(41));
  await following.expectStored(range(1, 41));
  await until("the new one is shown", () => live.requests() === 41);
  expect(follower.storeError).toBeUndefined();
});

test("a database that cannot be shown at first is filled, and shown when it can", async () => {
  const following = await Following.open(storeDefinition);
  following.append(file, lines(1, 2));
  await following.start([file]);
  await following.expectStored([1, 2]);
  await following.stop();
  const live = fragile();
  [live.failing] = failures;
  const starting = following.start([file], { listener: live.tap });
  following.append(file, lines(3));
  await following.expectStored([1, 2, 3]);
  expect(live.requests()).toBeUndefined();
  live.failing = undefined;
  await starting;
  expect(live.requests()).toBe(3);
});

test("a half line that is completed during a failure is stored and shown once", async () => {
  const following = await Following.open(storeDefinition);
  const live = fragile();
  const follower = await following.start([file], { listener: live.tap });
  [live.failing] = failures;
  const line = lineNumber(1);
  following.append(file, line.slice(0, 50));
  following.append(file, `${line.slice(50)}\n`);
  await following.expectStored([1]);
  await until("the failure is reported", () => follower.tapError !== undefined);
  live.failing = undefined;
  await until("the failure is over", () => follower.tapError === undefined);
  expect(live.requests()).toBe(1);
});
