import { compactCount, microsOf, spentText, stageText } from "@cctelemetry/core/light";
import * as vscode from "vscode";
import type { StatusSession, StatusView } from "../../status-view.ts";
import { labelText } from "./escape.ts";
import { fineUsd } from "./numbers.ts";

interface Choice extends vscode.QuickPickItem {
  readonly sessionId: string | null;
}

/** Lets choose the session to show; null for the newest, undefined for no choice. */
export async function pickSession(
  view: StatusView | undefined,
  pinned: string | null,
): Promise<string | null | undefined> {
  const newest: Choice = {
    label: "$(pulse) The newest",
    description: pinned === null ? "as now" : "follows whatever session is active",
    sessionId: null,
  };
  const choices =
    view === undefined ? [] : view.sessions.map((each) => choiceOf(each, view.time, pinned));
  const picked = await vscode.window.showQuickPick([newest, ...choices], {
    title: "Which session shall the status bar show?",
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return picked?.sessionId;
}

function choiceOf(session: StatusSession, time: string, pinned: string | null): Choice {
  const { session_id: sessionId, total_tokens, model, workflow_id, last_activity } = session;
  const idleMicros = microsOf(time) - microsOf(last_activity);
  const minutes = Math.max(0, Math.round(idleMicros / 60_000_000));
  const about = [model, stageText(session), workflow_id]
    .map((each) => labelText(each ?? ""))
    .filter((each) => each !== "")
    .join(" · ");
  return {
    label: `${sessionId === pinned ? "$(pinned) " : ""}${labelText(sessionId, 8)}`,
    description: `${compactCount(Number(total_tokens))} · ${spentText(session, fineUsd)} · ${minutes === 0 ? "now" : `${minutes} min ago`}`,
    detail: about,
    sessionId,
  };
}
