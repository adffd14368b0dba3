import { expect, test } from "vitest";
import { canonicalLine } from "../src/canonical/canonical.ts";
import { createIntake } from "../src/intake.ts";
import { StorageFault } from "../src/journal/file.ts";
import type { Line } from "../src/journal/line.ts";
import { QueueFull } from "../src/journal/queue.ts";

const request = (text: string, size = 1): Uint8Array => {
  const record = `{"body":{"stringValue":"${text}"}}`;
  const records = Array.from({ length: size }, () => record).join(",");
  return Buffer.from(`{"resourceLogs":[{"scopeLogs":[{"logRecords":[${records}]}]}]}`);
};

function scene(append: (line: Line) => Promise<void> = () => Promise.resolve()) {
  const lines: string[] = [];
  const intake = createIntake({
    maxBodyBytes: 10_000_000,
    journal: {
      append: async (line) => {
        await append(line);
        lines.push(Buffer.concat(line).toString());
      },
    },
  });
  return { intake, lines };
}

test("a body that is sent again is taken once, also while the first is on its way", async () => {
  const { intake, lines } = scene(() => new Promise((done) => setTimeout(done, 20)));
  const verdicts = await Promise.all([
    intake.accept("logs", "json", request("a")),
    intake.accept("logs", "json", request("a")),
    intake.accept("logs", "json", request("b")),
  ]);
  verdicts.push(await intake.accept("logs", "json", request("a")));
  expect(verdicts).toEqual(verdicts.map(() => ({ kind: "accepted" })));
  expect(lines).toHaveLength(2);
  expect(intake.counts()).toMatchObject({ accepted: { logs: 2 }, repeated: 2 });
});

test("a body that was refused may come again", async () => {
  let fails = true;
  const { intake, lines } = scene(() => {
    if (!fails) return Promise.resolve();
    return Promise.reject(new StorageFault("ENOSPC"));
  });
  const refused = await intake.accept("logs", "json", request("a"));
  expect(refused).toEqual({
    kind: "refused",
    reason: "storage",
    message: "the telemetry file cannot be written: the disk is full (ENOSPC).",
    retryAfterSeconds: 1,
  });
  fails = false;
  expect(await intake.accept("logs", "json", request("a"))).toEqual({ kind: "accepted" });
  expect(lines).toHaveLength(1);
});

test("if too much waits, senders are asked to wait", async () => {
  const { intake } = scene(() => Promise.reject(new QueueFull("full")));
  expect(await intake.accept("logs", "json", request("a"))).toMatchObject({
    reason: "busy",
    retryAfterSeconds: 1,
  });
});

test("what is no request and what is too large is not worth another try", async () => {
  const { intake, lines } = scene();
  expect(await intake.accept("logs", "json", Buffer.from("x"))).toMatchObject({
    reason: "undecodable",
  });
  const large = await intake.accept("logs", "json", new Uint8Array(10_000_001));
  expect(large).toMatchObject({ reason: "too-large" });
  expect(large).not.toHaveProperty("retryAfterSeconds");
  expect(await intake.accept("logs", "json", Buffer.from("{}"))).toEqual({ kind: "accepted" });
  expect(lines).toEqual([]);
});

test("a bug that a body meets costs that body alone, and only as long as it is there", async () => {
  let hasBug = true;
  const kept: string[] = [];
  const intake = createIntake(
    { maxBodyBytes: 10_000_000, journal: { append: async (line) => void kept.push(String(line)) } },
    {
      line: (...args) => {
        if (hasBug) throw new TypeError("x is not a function");
        return canonicalLine(...args);
      },
      pieces: () => Promise.reject(new TypeError("y is not a function")),
    },
  );
  expect(await intake.accept("logs", "json", request("a"))).toEqual({
    kind: "refused",
    reason: "fault",
    message: "this is a bug of the receiver: TypeError: x is not a function.",
  });
  expect(await intake.accept("logs", "json", request("a", 50_000))).toMatchObject({
    reason: "fault",
    message: expect.stringContaining("y is not"),
  });
  hasBug = false;
  expect(await intake.accept("logs", "json", request("a"))).toEqual({ kind: "accepted" });
  expect(kept).toHaveLength(1);
});

test("a body that came to another signal's path counts as what it is", async () => {
  const { intake, lines } = scene();
  expect(await intake.accept("metrics", "json", request("a"))).toEqual({ kind: "accepted" });
  expect(lines[0]).toMatch(/^\{"resourceLogs"/);
  expect(intake.counts().accepted).toEqual({ logs: 1, metrics: 0, traces: 0 });
});

test("large requests are decoded one at a time, small ones pass them", async () => {
  const { intake, lines } = scene();
  const large = ["1", "2", "3"].map((text) => intake.accept("logs", "json", request(text, 50_000)));
  await intake.accept("logs", "json", request("small"));
  expect(lines).toHaveLength(1);
  await Promise.all(large);
  expect(lines.map((line) => /stringValue":"(\w+)/.exec(line)?.[1])).toEqual([
    "small",
    "1",
    "2",
    "3",
  ]);
});
