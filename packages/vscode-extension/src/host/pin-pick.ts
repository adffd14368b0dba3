import { compactCount } from "@cctelemetry/core/light";
import * as vscode from "vscode";
import type { StatusSession, StatusView } from "../status-view.ts";
import { labelText } from "./escape.ts";
import { costOf, fineUsd } from "./numbers.ts";

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
  const choices = (view?.sessions ?? []).map((session) =>
    choiceOf(session, view?.now ?? 0, pinned),
  );
  const picked = await vscode.window.showQuickPick([newest, ...choices], {
    title: "Which session shall the status bar show?",
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return picked?.sessionId;
}

function choiceOf(session: StatusSession, now: number, pinned: string | null): Choice {
  const { sessionId, totalTokens, model, stage, workflowId, lastActivity } = session;
  const minutes = Math.max(0, Math.round((now - lastActivity) / 60_000));
  const about = [model, stage, workflowId]
    .filter((each) => each !== null)
    .map((each) => labelText(each))
    .join(" · ");
  return {
    label: `${sessionId === pinned ? "$(pinned) " : ""}${labelText(sessionId, 8)}`,
    description: `${compactCount(totalTokens)} · ${costOf(session, fineUsd)} · ${minutes === 0 ? "now" : `${minutes} min ago`}`,
    detail: about,
    sessionId,
  };
}
