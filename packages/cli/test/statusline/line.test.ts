import { describe, expect, test } from "vitest";
import { hostile, unsafeIn } from "../../../core/test/format/hostile.ts";
import { readInput, type StatusInput } from "../../src/statusline/input.ts";
import { checkTemplate, DEFAULT_TEMPLATE, statusLine } from "../../src/statusline/line.ts";
import { tonePaint } from "../../src/statusline/paint.ts";
import { type StatusFacts, statusValue, valueNames } from "../../src/statusline/values.ts";

const NOW = Date.parse("2026-11-21T12:00:00Z");
const nothing = readInput("{}");

const reported: StatusInput = {
  ...nothing,
  sessionId: "11111111-2222-4333-8444-555555555555",
  model: "Opus 5.5",
  folder: "/home/me/project",
  costUsd: 0.1,
  contextPercent: 42.4,
  contextSize: 200_000,
  fiveHour: { percent: 37, resetsAt: NOW + 3_600_000 },
  sevenDay: { percent: 12.3, resetsAt: NOW + 3 * 86_400_000 },
};
const session: NonNullable<StatusFacts["session"]> = {
  sessionId: "11111111-2222-4333-8444-555555555555",
  firstTime: 0,
  lastTime: 0,
  lastActivity: 0,
  model: "claude-opus-5-5",
  source: "main",
  attribution: "tag",
  workflowId: "w-17",
  stage: "implement",
  taskId: "w-17.3",
  agent: "coder",
  promptId: undefined,
  contextTokens: 24_215n,
  burn: { tokensPerMinute: 7_468, usdPerMinute: 0.006, unpricedRequests: 0 },
  models: [],
  stages: [],
  requests: 8,
  ledger: "events",
  cacheHitRate: 0.93,
  errors: 0,
  refusals: 0,
  toolCalls: 3,
  toolFailures: 0,
  prompts: 1,
  inputTokens: 164n,
  outputTokens: 876n,
  cacheReadTokens: 138_028n,
  cacheCreationTokens: 42_900n,
  totalTokens: 181_968n,
  costNanoUsd: 138_827_770n,
  unpricedRequests: 0,
};

const bare = tonePaint({ color: false }, {});

function line(facts: Partial<StatusFacts>, width = 200, template = DEFAULT_TEMPLATE): string {
  const all = { input: reported, session, missing: "no telemetry yet", now: NOW, ...facts };
  return statusLine(template, all, { width, paint: bare });
}

describe("the line", () => {
  test("shows values of telemetry and of Claude Code", () => {
    expect(line({})).toBe(
      "Opus 5.5 · 182k · $0.14 · implement · $0.36/h · context 42 % · 5h 37 % · 7d 12 %",
    );
  });

  test("marks a rate that is at least that, like a cost", () => {
    const burn = { ...session.burn, unpricedRequests: 1 };
    const partly = { ...session, unpricedRequests: 2, burn };
    expect(line({ session: partly }, 200, "{cost} · {hourly}")).toBe("≥ $0.14 · ≥ $0.36/h");
  });

  test("leaves out what is not there", () => {
    const quiet = {
      ...session,
      stage: undefined,
      burn: { tokensPerMinute: 0, usdPerMinute: 0, unpricedRequests: 0 },
    };
    expect(line({ input: nothing, session: quiet })).toBe("claude-opus-5-5 · 182k · $0.14");
  });

  test("without telemetry marks Claude Code's own cost as such, and says why", () => {
    expect(line({ session: undefined, missing: "reading telemetry" })).toBe(
      "Opus 5.5 · ~$0.10 · context 42 % · 5h 37 % · 7d 12 % · reading telemetry",
    );
    expect(line({ session: undefined, input: nothing })).toBe("no telemetry yet");
  });

  test("takes the context from telemetry if Claude Code does not send it", () => {
    const input = { ...nothing, contextSize: 200_000 };
    expect(line({ input }, 200, "{context}")).toBe("context 12 %");
  });

  test("gets shorter with the terminal: the least missed goes first, cost last", () => {
    expect(line({}, 72)).toBe(
      "Opus 5.5 · 182k · $0.14 · implement · $0.36/h · context 42 % · 5h 37 %",
    );
    expect(line({}, 50)).toBe("182k · $0.14 · implement · context 42 % · 5h 37 %");
    expect(line({}, 30)).toBe("182k · $0.14 · implement");
    expect(line({}, 12)).toBe("182k · $0.14");
    expect(line({}, 6)).toBe("$0.14");
    expect(line({}, 3)).toBe("$0…");
    for (let width = 1; width < 90; width++) {
      expect(line({}, width).length).toBeLessThanOrEqual(width);
    }
  });

  test("keeps what alarms", () => {
    const input = {
      ...reported,
      contextPercent: 96,
      sevenDay: { percent: 97, resetsAt: undefined },
    };
    expect(line({ input }, 40)).toBe("182k · $0.14 · context 96 % · 7d 97 %");
    const failed = { ...session, errors: 2 };
    expect(line({ session: failed }, 200, "{cost} · {errors}")).toBe("$0.14 · 2 errors");
  });

  test("says until when a limit lasts that is nearly used up", () => {
    const input = {
      ...reported,
      fiveHour: { percent: 85, resetsAt: NOW + 2 * 3_600_000 },
      sevenDay: { percent: 96, resetsAt: NOW + 3 * 86_400_000 },
    };
    const clock = (time: number): string => new Date(time).toTimeString().slice(0, 5);
    const day = new Date(NOW + 3 * 86_400_000).toDateString().slice(0, 3);
    expect(line({ input }, 200, "{five_hour} · {seven_day}")).toBe(
      `5h 85 % until ${clock(NOW + 2 * 3_600_000)} · 7d 96 % until ${day} ${clock(NOW)}`,
    );
  });

  test("does not say that a limit lasts longer than it does", () => {
    const far = { percent: 96, resetsAt: NOW + 400 * 86_400_000 };
    const input = { ...reported, fiveHour: far, sevenDay: far };
    expect(line({ input }, 200, "{five_hour} · {seven_day}")).toBe("5h 96 % · 7d 96 %");
  });

  test("does not alarm by a limit that began again since", () => {
    const input = { ...reported, fiveHour: { percent: 96, resetsAt: NOW - 1 } };
    expect(statusValue("five_hour", { input, session, missing: "", now: NOW })).toEqual({
      text: "5h 96 %",
      tone: "plain",
    });
  });

  test.each([
    ["/home/me/project", "project"],
    ["/home/me/project/", "project"],
    ["C:\\Users\\Zoë\\my-proj", "my-proj"],
    ["C:/Users/me/p", "p"],
    ["\\\\server\\share\\proj", "proj"],
    ["/", "/"],
    ["/home/me/back\\slash", "back\\slash"],
  ])("names the folder of %s", (folder, name) => {
    expect(line({ input: { ...reported, folder } }, 200, "{folder}")).toBe(name);
  });

  test("follows a template: literal text stays, several values in a part", () => {
    expect(line({}, 200, "cost {cost} for {tokens} · {workflow}/{task} · done")).toBe(
      "cost $0.14 for 182k · w-17/w-17.3 · done",
    );
    expect(line({ session: undefined }, 200, "a {tokens} · b {stage}{note}")).toBe(
      "b no telemetry yet",
    );
  });

  test("knows every value by name, and no other", () => {
    for (const name of valueNames) expect(() => checkTemplate(`{${name}}`)).not.toThrow();
    expect(() => checkTemplate("{tokens} {nonsense}")).toThrow(
      "The template has {nonsense}, which is no value.",
    );
    expect(() => checkTemplate("{constructor}")).toThrow("no value");
    expect(new Set(valueNames).size).toBe(valueNames.length);
  });

  test("is coloured by tone, unless somebody forbids it", () => {
    const paint = tonePaint({ color: true }, { TERM: "xterm" });
    const facts = { input: { ...reported, contextPercent: 95 }, session, missing: "", now: NOW };
    const shown = statusLine("{cost} · {context}", facts, { width: 80, paint });
    expect(shown).toBe("$0.14\u001b[2m · \u001b[22m\u001b[31mcontext 95 %\u001b[39m");
    for (const env of [{ NO_COLOR: "1" }, { TERM: "dumb" }]) {
      expect(tonePaint({ color: true }, env).error("x")).toBe("x");
    }
  });
});

test("hostile names cannot do anything to the terminal", () => {
  for (const text of hostile) {
    const named = { ...session, stage: text, workflowId: text, taskId: text, agent: text };
    const input = { ...reported, model: text, folder: text, sessionId: text };
    const all = valueNames.map((name) => `{${name}}`).join(" · ");
    const shown = line({ session: named, input }, 1000, `${all} ${text.replace(/[{}]/g, "")}`);
    expect(unsafeIn(shown)).toEqual([]);
    for (const name of valueNames) {
      const value = statusValue(name, { session: named, input, missing: "", now: NOW });
      expect(unsafeIn(value.text)).toEqual([]);
    }
  }
});

describe("Claude Code's JSON", () => {
  test("is read as far as it is there", () => {
    const input = readInput(
      JSON.stringify({
        session_id: "s",
        model: { id: "claude-opus-5-5", display_name: "Opus 5.5" },
        workspace: { current_dir: "/home/me/project" },
        cost: { total_cost_usd: 0.5 },
        context_window: { used_percentage: 7, context_window_size: 1_000_000 },
        rate_limits: {
          five_hour: { used_percentage: 23.5, resets_at: 1_795_273_200 },
          seven_day: { used_percentage: 41, resets_at: "2026-11-24T12:00:00Z" },
          spend_limit: { used_percentage: 3 },
        },
        agent: { name: "reviewer" },
      }),
    );
    expect(input).toEqual({
      sessionId: "s",
      model: "Opus 5.5",
      agent: "reviewer",
      folder: "/home/me/project",
      costUsd: 0.5,
      contextPercent: 7,
      contextSize: 1_000_000,
      fiveHour: { percent: 23.5, resetsAt: 1_795_273_200_000 },
      sevenDay: { percent: 41, resetsAt: Date.parse("2026-11-24T12:00:00Z") },
      spend: { percent: 3, resetsAt: undefined },
    });
  });

  test.each([
    ["values of other types", '{"session_id":7,"model":[],"cost":[],"context_window":null}'],
    ["nulls", '{"context_window":{"used_percentage":null},"rate_limits":{"five_hour":null}}'],
    ["prototypes", '{"__proto__":{"session_id":"x"},"rate_limits":{"__proto__":{"five_hour":{}}}}'],
    [
      "times where percentages belong",
      '{"context_window":{"used_percentage":1779124800},"rate_limits":{"five_hour":{"used_percentage":1779124800,"resets_at":1779124800},"seven_day":{"used_percentage":-1}}}',
    ],
    ["blanks", '{"session_id":" ","model":"\\t","cost":{"total_cost_usd":""},"cwd":" "}'],
    [
      "odd numbers",
      '{"cost":{"total_cost_usd":1e999},"rate_limits":{"five_hour":{"resets_at":1}}}',
    ],
  ])("may hold %s", (_name, json) => {
    expect(readInput(json)).toEqual(nothing);
  });

  test.each([
    ["seconds", 1_795_999_999],
    ["milliseconds", 1_795_999_999_000],
    ["microseconds", 1_795_999_999_000_000],
    ["text", "1795999999"],
    ["ISO 8601", new Date(1_795_999_999_000).toISOString()],
  ])("may show a reset in %s", (_unit, resets_at) => {
    const five_hour = { used_percentage: "96 %", resets_at };
    const { fiveHour } = readInput(JSON.stringify({ rate_limits: { five_hour } }));
    expect(fiveHour).toEqual({ percent: 96, resetsAt: 1_795_999_999_000 });
  });

  test.each([0, -1, 1e20, "soon", null, {}])("is without a reset where %j stands", (resets_at) => {
    const five_hour = { used_percentage: 7.5, resets_at };
    const { fiveHour } = readInput(JSON.stringify({ rate_limits: { five_hour } }));
    expect(fiveHour).toEqual({ percent: 7.5, resetsAt: undefined });
  });

  test.each(["", "  \n", "nonsense", "[]", "null", '"text"', "{"])("is not %j", (json) => {
    expect(() => readInput(json)).toThrow(/stdin/);
  });
});
