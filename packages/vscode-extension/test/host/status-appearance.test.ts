import { describe, expect, test } from "vitest";
import { statusAppearance } from "../../src/host/status/status-appearance.ts";
import type { StatusView } from "../../src/status-view.ts";
import {
  after,
  fileWith,
  optionsWith,
  SESSION_ID,
  sessionWith,
  viewWith,
} from "../support/views.ts";

function textOf(view: StatusView, options = optionsWith()): string {
  return statusAppearance({ kind: "live", view }, options).text;
}

function file(state: Parameters<typeof fileWith>[1]): StatusView["files"][number] {
  return fileWith(`/otel/${state}.jsonl`, state, "So it is.");
}

const none = { ...viewWith().today, total_tokens: 0, cost_usd: 0, sessions: 0 };
const idle = [sessionWith({ last_activity: after(-3_600_000) })];

describe("the status item says", () => {
  const cases: readonly (readonly [string, Partial<StatusView>, string])[] = [
    ["tokens, cost and stage of the running session", {}, "$(pulse) 391k · $0.14  implement"],
    [
      "no stage where there is none",
      { sessions: [sessionWith({ stage: null })] },
      "$(pulse) 391k · $0.14",
    ],
    ["what today cost while nothing runs", { sessions: idle }, "$(history) today $4.31"],
    [
      "that nothing came yet",
      { sessions: [], today: none, recent: [] },
      "$(watch) no telemetry yet",
    ],
    [
      "that Claude Code was started",
      { sessions: [], today: none },
      "$(watch) waiting for a prompt",
    ],
    [
      "that it is not set up",
      { configured: false, sessions: [], today: none, files: [file("missing")] },
      "$(plug) set up telemetry",
    ],
    ["how far a backlog is read", { catching_up: 0.631 }, "$(sync~spin) catching up 63 %"],
    [
      "that another program holds the database",
      { store: { state: "locked", reason: "It is locked.", hint: null } },
      "$(lock) 391k · $0.14  implement",
    ],
    [
      "that the disk is full",
      { store: { state: "full", reason: "Full.", hint: null } },
      "$(error) disk full",
    ],
    [
      "that the file cannot be read",
      { files: [file("unreadable")] },
      "$(error) telemetry file unreadable",
    ],
    [
      "that the file is no telemetry",
      { files: [file("unsuitable")] },
      "$(error) telemetry file unsuitable",
    ],
    ["that the file is missing", { files: [file("missing")] }, "$(warning) telemetry file missing"],
    [
      "numbers with a mark where one of several files fails",
      { files: [file("unreadable"), file("following")] },
      "$(pulse) 391k · $0.14  implement $(alert)",
    ],
    ["that it still reads", { ready: false, sessions: [] }, "$(loading~spin) telemetry"],
  ];
  test.each(cases)("%s", (_name, changes, text) => {
    expect(textOf(viewWith(changes))).toBe(text);
  });

  test("something before the child has sent anything, and while it is started again", () => {
    expect(statusAppearance({ kind: "starting" }, optionsWith()).text).toBe(
      "$(loading~spin) telemetry",
    );
    const view = viewWith();
    const gone = { kind: "restarting", view, reason: "It ended by SIGKILL." } as const;
    expect(statusAppearance(gone, optionsWith()).text).toBe("$(sync~spin) 391k · $0.14  implement");
    expect(statusAppearance({ ...gone, view: undefined }, optionsWith()).text).toBe(
      "$(sync~spin) telemetry",
    );
  });
});

describe("the shown session", () => {
  const other = sessionWith({
    session_id: "other",
    total_tokens: 999,
    last_activity: after(-1000),
  });

  test("is the one with the newest activity, whatever order they come in", () => {
    expect(textOf(viewWith({ sessions: [other, sessionWith()] }))).toContain("391k");
    const newer = { ...other, last_activity: after(1000) };
    expect(textOf(viewWith({ sessions: [sessionWith(), newer] }))).toContain("999");
  });

  test("is the pinned one while it is known, idle or not", () => {
    const options = { ...optionsWith(), pinned: "other" };
    expect(textOf(viewWith({ sessions: [sessionWith(), other] }), options)).toBe(
      "$(pinned) 999 · $0.14  implement",
    );
    const late = { ...other, last_activity: after(-3_600_000) };
    expect(textOf(viewWith({ sessions: [sessionWith(), late] }), options)).toContain("999");
    expect(textOf(viewWith(), options)).toBe("$(pulse) 391k · $0.14  implement");
  });
});

describe("colours", () => {
  const at = (usd: number, thresholds: object): readonly [string, string] => {
    const view = viewWith({ sessions: [sessionWith({ cost_usd: usd })] });
    const look = statusAppearance({ kind: "live", view }, optionsWith(thresholds));
    return [look.tone, look.text];
  };
  const session = { session: { warning: 10, error: 20 } };

  test("come with the thresholds of the session", () => {
    expect(at(9.99, session)).toEqual(["plain", "$(pulse) 391k · $9.99  implement"]);
    expect(at(12.3, session)).toEqual(["warning", "$(warning) 391k · $12.30  implement"]);
    expect(at(20, session)).toEqual(["error", "$(error) 391k · $20.00  implement"]);
  });

  test("and with those of the day", () => {
    expect(at(0.1, { day: { warning: 4, error: 5 } })[0]).toBe("warning");
    expect(at(0.1, { day: { warning: undefined, error: 4.31 } })[0]).toBe("error");
    const look = statusAppearance(
      { kind: "live", view: viewWith({ sessions: idle }) },
      optionsWith({ day: { warning: 4, error: undefined } }),
    );
    expect([look.tone, look.text]).toEqual(["warning", "$(warning) today $4.31"]);
  });
});

describe("the template", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["{icon} {model} {cost}", "$(pulse) claude-opus-5-5 $0.14"],
    ["{tokens} {requests} {cached} {session}", "391k 25 93 % efccdab8"],
    ["{hourly} {speed} {today}", "$0.36/h 12k/min $4.31"],
    ["{nonsense} {constructor} {__proto__}", "{nonsense} {constructor} {__proto__}"],
    ["a\nb", "a b"],
  ];
  test.each(cases)("%s", (statusText, text) => {
    expect(textOf(viewWith(), optionsWith({ statusText }))).toBe(text);
  });
});

test("text from telemetry makes no icon, no second line and no invisible character", () => {
  const stage = "$(bug) $(sync~spin)\n\u202e\u200b\x1b[31m";
  const text = textOf(
    viewWith({ sessions: [sessionWith({ stage })] }),
    optionsWith({ statusText: "{stage}" }),
  );
  expect(text).toBe("\\$(bug) \\$(sync~spin)\\n\\u202e\\u200b\\x1b[31m");
  expect(text).not.toMatch(/\p{Cc}|\p{Cf}/u);
});

test("a screen reader hears words, not the names of icons", () => {
  const { label } = statusAppearance({ kind: "live", view: viewWith() }, optionsWith());
  expect(label).toBe("Claude Code telemetry: 391k · $0.14  implement");
});

test("a click opens the dashboard, the log where something is wrong, the walkthrough at first", () => {
  const commandOf = (changes: Partial<StatusView>): string =>
    statusAppearance({ kind: "live", view: viewWith(changes) }, optionsWith()).command;
  expect(commandOf({})).toBe("cctelemetry.openDashboard");
  expect(commandOf({ files: [file("unreadable")] })).toBe("cctelemetry.showLog");
  expect(commandOf({ configured: false, sessions: [], today: none, files: [] })).toBe(
    "cctelemetry.getStarted",
  );
  expect(SESSION_ID).toHaveLength(36);
});
