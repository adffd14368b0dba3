import { expect, test, vi } from "vitest";
import { LiveListener } from "../src/live-store/live-listener.ts";
import { storeDefinition } from "../src/semantics/definition.ts";
import { watchTelemetry } from "../src/watch-telemetry.ts";
import { Following, lines, until } from "./support/following.ts";

test("a watch says that the database cannot be read, and goes on storing and showing", async () => {
  const following = await Following.open(storeDefinition);
  const now = (): number => Date.UTC(2026, 10, 21, 0, 1);
  const watch = watchTelemetry(following.store, [following.path("otel.jsonl")], { now });
  await watch.ready;
  const failing = vi
    .spyOn(LiveListener.prototype, "storing")
    .mockRejectedValue(new Error("no way"));
  following.append("otel.jsonl", lines(1, 2));
  await following.expectStored([1, 2]);
  await until("the failure is reported", () => watch.state().store.state !== "ok");
  expect(watch.state().store).toEqual({
    state: "failed",
    reason: "What the database holds cannot be read: no way",
    hint: "New records are stored all the same; reading is tried again.",
  });
  expect(watch.state().sessions[0]?.requests).toBe(2);
  failing.mockRestore();
  await until("all is well again", () => watch.state().store.state === "ok");
  expect(watch.state().sessions[0]?.requests).toBe(2);
  await watch.close();
});
