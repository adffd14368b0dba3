import {
  backlogRead,
  compactCount,
  compactRatio,
  isRunning,
  rateText,
  spentText,
  stageText,
  usdSpent,
} from "@cctelemetry/core/light";
import type { StatusSession, StatusView } from "../../status-view.ts";
import { type CommandId, commands } from "../commands.ts";
import type { Threshold } from "../settings.ts";
import { type Active, activeSession } from "./active-session.ts";
import { labelText } from "./escape.ts";
import type { AppearanceOptions, ItemState } from "./item-state.ts";
import { shortUsd } from "./numbers.ts";
import { tooltipText } from "./tooltip.ts";

/** How the status item looks: a pure function of state and settings. */
export interface StatusAppearance {
  /** May hold icons; text from telemetry is escaped. */
  readonly text: string;
  /** Markdown in which only our own command links are live. */
  readonly tooltip: string;
  /** What a screen reader says. */
  readonly label: string;
  readonly tone: Tone;
  /** What a click does. */
  readonly command: CommandId;
}

export type Tone = "plain" | "warning" | "error";

interface Text {
  readonly text: string;
  readonly tone: Tone;
  readonly command?: CommandId;
}

/** The whole look of the item. */
export function statusAppearance(state: ItemState, options: AppearanceOptions): StatusAppearance {
  const { text, tone, command } = textOf(state, options);
  return {
    text,
    tone,
    tooltip: tooltipText(state, options),
    label: `Claude Code telemetry: ${spokenText(text)}`,
    command: command ?? commands.openDashboard,
  };
}

function textOf(state: ItemState, options: AppearanceOptions): Text {
  switch (state.kind) {
    case "starting":
      return plain("$(loading~spin) telemetry");
    case "restarting": {
      const { view } = state;
      const shown = view === undefined ? undefined : numbersText(view, options, "$(sync~spin)");
      return { ...(shown ?? plain("$(sync~spin) telemetry")), tone: "plain" };
    }
    default:
      return liveText(state.view, options);
  }
}

/** The first that applies, from what keeps numbers from being right to what is merely quiet. */
function liveText(view: StatusView, options: AppearanceOptions): Text {
  const trouble = storeTrouble(view) ?? fileTrouble(view);
  if (trouble !== undefined) return trouble;
  if (view.store.state === "locked") {
    return { ...numbersText(view, options, "$(lock)"), tone: "plain" };
  }
  const read = backlogRead(view);
  if (read !== null) return plain(`$(sync~spin) catching up ${compactRatio(read)}`);
  if (!view.ready && view.sessions.length === 0) return plain("$(loading~spin) telemetry");
  if (!view.configured) {
    return { text: "$(plug) set up telemetry", tone: "plain", command: commands.getStarted };
  }
  const shown = numbersText(view, options, undefined);
  return someFileFails(view) || view.receiver.state === "failed"
    ? { ...shown, text: `${shown.text} $(alert)` }
    : shown;
}

/** Tokens and cost of the active session, or of today. `icon` takes the place of the usual one. */
function numbersText(view: StatusView, options: AppearanceOptions, icon: string | undefined): Text {
  const active = activeSession(view, options.pinned, options.settings.idleAfterMs);
  const tone = toneOf(view, active, options);
  const alarm = tone === "plain" ? undefined : tone === "error" ? "$(error)" : "$(warning)";
  if (active.kind !== "none") {
    const usual = active.kind === "pinned" ? "$(pinned)" : "$(pulse)";
    const values = valuesOf(view, active.session, icon ?? alarm ?? usual);
    return { text: filled(options.settings.statusText, values), tone };
  }
  if (Number(view.today.total_tokens) > 0 || view.sessions.length > 0) {
    const cost = spentText(view.today, shortUsd);
    return { text: `${icon ?? alarm ?? "$(history)"} today ${cost}`, tone };
  }
  const words = startsNow(view, options) ? "waiting for a prompt" : "no telemetry yet";
  return { text: `${icon ?? "$(watch)"} ${words}`, tone };
}

/** Whether Claude Code runs, but has not been asked anything. */
function startsNow({ time, recent }: StatusView, { settings }: AppearanceOptions): boolean {
  return recent.some((last) => isRunning({ last_activity: last.time }, time, settings.idleAfterMs));
}

function toneOf(view: StatusView, active: Active, { settings }: AppearanceOptions): Tone {
  const bySession = active.kind === "none" ? "plain" : toneAt(active.session, settings.session);
  const byDay = toneAt(view.today, settings.day);
  const tones = [bySession, byDay];
  return (
    tones.find((tone) => tone === "error") ?? tones.find((tone) => tone === "warning") ?? "plain"
  );
}

/** By what is known of the cost. */
function toneAt(spent: Pick<StatusSession, "cost_usd">, { warning, error }: Threshold): Tone {
  const usd = usdSpent(spent) ?? 0;
  if (error !== undefined && usd >= error) return "error";
  return warning !== undefined && usd >= warning ? "warning" : "plain";
}

function storeTrouble({ store }: StatusView): Text | undefined {
  const words = {
    ok: undefined,
    locked: undefined,
    full: "disk full",
    unwritable: "database not writable",
    foreign: "database not usable",
    damaged: "database is damaged",
    newer: "database is newer",
    failed: "telemetry failed",
  } as const;
  const text = words[store.state];
  return text === undefined
    ? undefined
    : { text: `$(error) ${text}`, tone: "error", command: commands.showLog };
}

/** Where no file at all can be followed. */
function fileTrouble(view: StatusView): Text | undefined {
  const { files, configured } = view;
  if (!configured || files.length === 0) return undefined;
  if (files.some(({ state }) => state === "following" || state === "waiting")) {
    return undefined;
  }
  const command = commands.showLog;
  if (files.some(({ state }) => state === "unreadable")) {
    return { text: "$(error) telemetry file unreadable", tone: "error", command };
  }
  if (files.some(({ state }) => state === "unsuitable")) {
    return { text: "$(error) telemetry file unsuitable", tone: "error", command };
  }
  return { text: "$(warning) telemetry file missing", tone: "plain", command };
}

function someFileFails({ files }: StatusView): boolean {
  return files.some(({ state }) => state === "unreadable" || state === "unsuitable");
}

function valuesOf(
  view: StatusView,
  session: StatusSession,
  icon: string,
): Readonly<Record<string, string>> {
  const { cache_hit_rate, tokens_per_minute } = session;
  return {
    icon,
    tokens: compactCount(Number(session.total_tokens)),
    cost: spentText(session, shortUsd),
    stage: labelText(stageText(session) ?? "", 30),
    workflow: labelText(session.workflow_id ?? "", 30),
    model: labelText(session.model ?? "", 30),
    session: labelText(session.session_id.slice(0, 8)),
    requests: session.requests === null ? "" : compactCount(session.requests),
    cached: cache_hit_rate === null ? "" : compactRatio(cache_hit_rate),
    hourly: rateText(session, shortUsd),
    speed: tokens_per_minute === 0 ? "" : `${compactCount(Math.round(tokens_per_minute))}/min`,
    today: spentText(view.today, shortUsd),
  };
}

/** The template with its values; an unknown name stays as it was written. */
function filled(template: string, values: Readonly<Record<string, string>>): string {
  const text = template.replace(/\{(\w+)\}/g, (written, name: string) =>
    Object.hasOwn(values, name) ? (values[name] ?? "") : written,
  );
  return text.replace(/[\r\n\t]+/g, " ").replace(/(?:\s*·)*\s*$/, "");
}

function plain(text: string): Text {
  return { text, tone: "plain" };
}

/** A label without its icons. */
function spokenText(text: string): string {
  return text.replace(/(?<!\\)\$\([\w~-]+\)\s*/g, "").trim();
}
