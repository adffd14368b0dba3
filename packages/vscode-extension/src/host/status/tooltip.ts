import {
  backlogRead,
  compactCount,
  compactRatio,
  microsOf,
  rateText,
  spentText,
  stageText,
} from "@cctelemetry/core/light";
import type { StatusSession, StatusView } from "../../status-view.ts";
import { commands } from "../commands.ts";
import { activeSession, runningSessions } from "./active-session.ts";
import { markdownText } from "./escape.ts";
import type { AppearanceOptions, ItemState } from "./item-state.ts";
import { countedInFull, fineUsd, shortUsd, spanText } from "./numbers.ts";

const MOST_OTHERS = 4;
const MOST_PROBLEMS = 4;

/** The tooltip as Markdown. Text from outside is made of entities, so that it can do nothing. */
export function tooltipText(state: ItemState, options: AppearanceOptions): string {
  const view = state.kind === "starting" ? undefined : state.view;
  const blocks = [
    ...noteOf(state),
    ...(view === undefined ? [] : viewBlocks(view, options)),
    ...options.settings.problems
      .slice(0, MOST_PROBLEMS)
      .map((problem) => markdownText(problem, 300)),
    links(),
  ];
  return blocks.join("\n\n");
}

function noteOf(state: ItemState): readonly string[] {
  if (state.kind === "starting") return ["Reading the telemetry …"];
  if (state.kind === "live") return [];
  const reason = markdownText(state.reason, 300);
  return [`The process that reads the telemetry is started again. ${reason}`];
}

function viewBlocks(view: StatusView, options: AppearanceOptions): readonly string[] {
  const { pinned, settings } = options;
  const active = activeSession(view, pinned, settings.idleAfterMs);
  const running = runningSessions(view, settings.idleAfterMs);
  const shown = active.kind === "none" ? undefined : active.session;
  const others = running.filter((each) => each !== shown);
  const read = backlogRead(view);
  return [
    ...problemsOf(view),
    ...(read === null ? [] : [`Catching up with what was written before: ${compactRatio(read)}.`]),
    ...(shown === undefined ? [] : sessionBlocks(shown, active.kind === "pinned")),
    ...(shown === undefined ? [quietText(view)] : []),
    todayText(view, others),
    ...receiverText(view),
  ];
}

function quietText(view: StatusView): string {
  if (!view.configured) {
    return "No telemetry file was found. Three short steps show where the numbers come from.";
  }
  return view.sessions.length === 0 && Number(view.today.total_tokens) === 0
    ? "Nothing has arrived yet. Start Claude Code with telemetry on."
    : "No session is running.";
}

function sessionBlocks(session: StatusSession, isPinned: boolean): readonly string[] {
  return [
    lines([headText(session, isPinned), tokensText(session), costText(session)]),
    ...splitTable("model", session.models, ({ model }) => model),
    ...splitTable("stage", session.stages, ({ stage }) => stage),
  ];
}

function headText(session: StatusSession, isPinned: boolean): string {
  const { model, workflow_id, first_time, last_activity } = session;
  const stage = stageText(session);
  return dotted([
    isPinned ? "pinned" : "",
    `**${isNamed(model) ? markdownText(model) : "unknown model"}**`,
    isNamed(stage) ? `stage ${markdownText(stage)}` : "",
    isNamed(workflow_id) ? `workflow ${markdownText(workflow_id)}` : "",
    spanText((microsOf(last_activity) - microsOf(first_time)) / 1000),
  ]);
}

function tokensText(session: StatusSession): string {
  const types = dotted([
    `input ${compactCount(Number(session.input_tokens))}`,
    `output ${compactCount(Number(session.output_tokens))}`,
    `cache read ${compactCount(Number(session.cache_read_tokens))}`,
    `cache write ${compactCount(Number(session.cache_creation_tokens))}`,
  ]);
  const { cache_hit_rate } = session;
  return cache_hit_rate === null ? types : `${types} (${compactRatio(cache_hit_rate)} from cache)`;
}

function costText(session: StatusSession): string {
  const { requests, errors, tool_failures, cost_usd } = session;
  const unpriced = session.unpriced_requests ?? 0;
  return dotted([
    cost_usd === null ? "" : spentText(session, fineUsd),
    requests === null ? "" : countedInFull(requests, "request"),
    unpriced === 0 ? "" : `${unpriced.toLocaleString("en-US")} without a price`,
    errors === 0 ? "" : countedInFull(errors, "error"),
    tool_failures === 0 ? "" : countedInFull(tool_failures, "failed tool"),
    rateText(session, shortUsd),
  ]);
}

/** A table where there is more than one part. */
function splitTable<Part extends StatusSession["models" | "stages"][number]>(
  heading: string,
  parts: readonly Part[],
  nameOf: (part: Part) => string | null,
): readonly string[] {
  if (parts.length < 2) return [];
  const rows = parts.map((part) => {
    const name = nameOf(part);
    const shown = isNamed(name) ? markdownText(name, 40) : `no ${heading}`;
    const tokens = compactCount(Number(part.total_tokens));
    return `| ${shown} | ${tokens} | ${spentText(part, fineUsd)} |`;
  });
  return [[`| ${heading} | tokens | cost |`, "|:---|---:|---:|", ...rows].join("\n")];
}

function todayText(view: StatusView, others: readonly StatusSession[]): string {
  const today = `today ${spentText(view.today, shortUsd)} in ${countedInFull(view.today.sessions, "session")}`;
  if (others.length === 0) return today;
  const costs = others.slice(0, MOST_OTHERS).map((other) => spentText(other, shortUsd));
  const more = others.length > MOST_OTHERS ? ", …" : "";
  return `${today} · ${countedInFull(others.length, "other")} running: ${costs.join(", ")}${more}`;
}

/** Whether telemetry is received here, elsewhere or not at all. */
function receiverText({ receiver: { state, text } }: StatusView): readonly string[] {
  if (state === "off" || state === "starting") return [];
  const waits = state === "elsewhere" ? " This window takes over when that one ends." : "";
  return [`${markdownText(text, 300)}${waits}`];
}

/** What is wrong with database and files, one sentence each. */
function problemsOf(view: StatusView): readonly string[] {
  const { store } = view;
  const stored =
    store.state === "ok"
      ? []
      : [`${markdownText(store.reason ?? "", 300)} ${markdownText(store.hint ?? "", 300)}`.trim()];
  const quiet = view.sessions.length > 0 ? ["following", "waiting"] : ["following"];
  const failing = view.files.filter(({ state }) => !quiet.includes(state));
  const shown = view.configured ? failing.slice(0, MOST_PROBLEMS) : [];
  const files = shown.map(
    ({ path, reason }) => `${markdownText(tail(path), 80)}: ${markdownText(reason ?? "", 200)}`,
  );
  return [...stored, ...files];
}

function isNamed(name: string | null): name is string {
  return name !== null && name !== "";
}

/** The end of a path, where names differ. */
function tail(path: string): string {
  return path.length <= 70 ? path : `…${path.slice(-69)}`;
}

function links(): string {
  const to = (words: string, command: string): string => `[${words}](command:${command})`;
  return [
    to("Open dashboard", commands.openDashboard),
    to("Pin", commands.pinSession),
    to("Log", commands.showLog),
  ].join("&nbsp;&nbsp; ");
}

function dotted(parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join(" · ");
}

/** Lines of one paragraph. */
function lines(texts: readonly string[]): string {
  return texts.join("  \n");
}
