import { describe, expect, test, vi } from "vitest";
import { LineDecoder } from "../../src/ingest/line-decoder.ts";
import { Following, lines, range, until } from "../support/following.ts";

const file = "otel.jsonl";

/** Failures of the engine while rows are staged: memory or temporary space is short, or it ended itself. */
const engineFailures = [
  "Out of Memory Error: failed to allocate data of size 4.0 MiB",
  "IO Error: Could not write file: No space left on device",
  "FATAL Error: the engine ended itself",
];

describe.each(engineFailures)("an engine that fails while rows are staged (%s)", (message) => {
  test("is reported and tried again, and no row is lost", async () => {
    const following = await Following.open();
    const follower = await following.start([file]);
    const stage = vi.spyOn(following.store.staging, "staging");
    stage.mockRejectedValueOnce(new Error(message)).mockRejectedValueOnce(new Error(message));
    following.append(file, lines(1, 2));
    await until("the failure is reported", () => follower.storeError !== undefined);
    expect(follower.storeError).toMatchObject({ message });
    following.append(file, lines(3));
    await following.expectStored([1, 2, 3]);
    await until("the failure is over", () => follower.storeError === undefined);
  });

  test("loses no row of a backlog of several transactions", async () => {
    const following = await Following.open();
    const numbers = range(1, 12_000);
    following.append(file, lines(...numbers));
    const stage = vi.spyOn(following.store.staging, "staging");
    stage.mockRejectedValueOnce(new Error(message));
    await following.start([file]);
    await following.expectStored(numbers);
  });

  test("does not keep the follower from closing, and the rows are read the next time", async () => {
    const following = await Following.open();
    const follower = await following.start([file]);
    const stage = vi
      .spyOn(following.store.staging, "staging")
      .mockRejectedValue(new Error(message));
    following.append(file, lines(1));
    await until("the failure is reported", () => follower.storeError !== undefined);
    await following.stop();
    expect(follower.files).toEqual([]);
    stage.mockRestore();
    await following.start([file]);
    await following.expectStored([1]);
  });
});

test("an engine that ended itself while rows were staged is started again", async () => {
  const following = await Following.open();
  await following.start([file]);
  const { staging } = following.store;
  const revive = vi.spyOn(staging, "revive");
  vi.spyOn(staging, "staging").mockRejectedValueOnce(new Error("FATAL Error: injected"));
  following.append(file, lines(1));
  await following.expectStored([1]);
  expect(revive).toHaveBeenCalledOnce();
});

describe("a bug while lines are decoded", () => {
  test("ends the following with that bug and closes every file", async () => {
    const following = await Following.open();
    const follower = await following.start([file]);
    const bug = new TypeError("undefined is not a function");
    vi.spyOn(LineDecoder.prototype, "line").mockImplementation(() => {
      throw bug;
    });
    following.append(file, lines(1));
    await expect(follower.ended).rejects.toBe(bug);
    expect(follower.storeError).toBeUndefined();
    expect(follower.files).toEqual([]);
    await expect(following.stop()).rejects.toBe(bug);
  });

  test("at the first look is what `ready` rejects with", async () => {
    const following = await Following.open();
    following.append(file, lines(1));
    const bug = new TypeError("undefined is not a function");
    vi.spyOn(LineDecoder.prototype, "line").mockImplementation(() => {
      throw bug;
    });
    await expect(following.start([file])).rejects.toBe(bug);
    await expect(following.stop()).rejects.toBe(bug);
  });
});
