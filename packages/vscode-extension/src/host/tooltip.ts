import { compactCount, compactRatio } from "@cctelemetry/core/light";
import type { StatusPart, StatusSession, StatusView } from "../status-view.ts";
import { activeSession, runningSessions } from "./active-session.ts";
import { commands } from "./commands.ts";
import { markdownText } from "./escape.ts";
import type { AppearanceOptions, ItemState } from "./item-state.ts";
import { costOf, counted, fineUsd, rateOf, shortUsd, spanText } from "./numbers.ts";

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
  return [
    ...problemsOf(view),
    ...(view.catchingUp === null
      ? []
      : [`Catching up with what was written before: ${compactRatio(view.catchingUp)}.`]),
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
  return view.sessions.length === 0 && view.today.totalTokens === 0
    ? "Nothing has arrived yet. Start Claude Code with telemetry on."
    : "No session is running.";
}

function sessionBlocks(session: StatusSession, isPinned: boolean): readonly string[] {
  return [
    lines([headText(session, isPinned), tokensText(session), costText(session)]),
    ...splitTable("model", session.models),
    ...splitTable("stage", session.stages),
  ];
}

function headText(session: StatusSession, isPinned: boolean): string {
  const { model, stage, workflowId, firstTime, lastActivity } = session;
  return dotted([
    isPinned ? "pinned" : "",
    `**${model === null ? "unknown model" : markdownText(model)}**`,
    stage === null ? "" : `stage ${markdownText(stage)}`,
    workflowId === null ? "" : `workflow ${markdownText(workflowId)}`,
    spanText(lastActivity - firstTime),
  ]);
}

function tokensText(session: StatusSession): string {
  const types = dotted([
    `input ${compactCount(session.inputTokens)}`,
    `output ${compactCount(session.outputTokens)}`,
    `cache read ${compactCount(session.cacheReadTokens)}`,
    `cache write ${compactCount(session.cacheCreationTokens)}`,
  ]);
  const { cacheHitRate } = session;
  return cacheHitRate === null ? types : `${types} (${compactRatio(cacheHitRate)} from cache)`;
}

function costText(session: StatusSession): string {
  const { requests, errors, toolFailures, unpricedRequests, costNanoUsd } = session;
  return dotted([
    costNanoUsd === null ? "" : costOf(session, fineUsd),
    requests === null ? "" : counted(requests, "request"),
    unpricedRequests === 0 ? "" : `${unpricedRequests.toLocaleString("en-US")} without a price`,
    errors === 0 ? "" : counted(errors, "error"),
    toolFailures === 0 ? "" : counted(toolFailures, "failed tool"),
    rateOf(session),
  ]);
}

/** A table where there is more than one part. */
function splitTable(heading: string, parts: readonly StatusPart[]): readonly string[] {
  if (parts.length < 2) return [];
  const rows = parts.map((part) => {
    const { name, tokens } = part;
    const shown = name === null ? `no ${heading}` : markdownText(name, 40);
    return `| ${shown} | ${compactCount(tokens)} | ${costOf(part, fineUsd)} |`;
  });
  return [[`| ${heading} | tokens | cost |`, "|:---|---:|---:|", ...rows].join("\n")];
}

function todayText(view: StatusView, others: readonly StatusSession[]): string {
  const today = `today ${costOf(view.today, shortUsd)} in ${counted(view.today.sessions, "session")}`;
  if (others.length === 0) return today;
  const costs = others.slice(0, MOST_OTHERS).map((other) => costOf(other, shortUsd));
  const more = others.length > MOST_OTHERS ? ", …" : "";
  return `${today} · ${counted(others.length, "other")} running: ${costs.join(", ")}${more}`;
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
    store.condition === "ok"
      ? []
      : [`${markdownText(store.message, 300)} ${markdownText(store.hint, 300)}`.trim()];
  const quiet = view.sessions.length > 0 ? ["following", "waiting"] : ["following"];
  const failing = view.files.filter(({ condition }) => !quiet.includes(condition));
  const shown = view.configured ? failing.slice(0, MOST_PROBLEMS) : [];
  const files = shown.map(
    ({ path, reason }) => `${markdownText(tail(path), 80)}: ${markdownText(reason, 200)}`,
  );
  return [...stored, ...files];
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
