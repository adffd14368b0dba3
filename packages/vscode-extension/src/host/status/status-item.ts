import * as vscode from "vscode";
import { commands } from "../commands.ts";
import type { StatusAppearance, Tone } from "./status-appearance.ts";

const ITEM_ID = "cctelemetry.status";

const backgrounds: Readonly<Record<Tone, string | undefined>> = {
  plain: undefined,
  warning: "statusBarItem.warningBackground",
  error: "statusBarItem.errorBackground",
};

/** The item in the status bar. It touches the window only where something has changed. */
export class StatusItem implements vscode.Disposable {
  private readonly item: vscode.StatusBarItem;
  private shown: StatusAppearance | undefined;

  constructor() {
    this.item = vscode.window.createStatusBarItem(ITEM_ID, vscode.StatusBarAlignment.Right, 100);
    this.item.name = "Claude Code Telemetry";
    this.item.show();
  }

  show(look: StatusAppearance): void {
    const { item, shown } = this;
    if (shown?.text !== look.text) item.text = look.text;
    if (shown?.label !== look.label) item.accessibilityInformation = { label: look.label };
    if (shown?.command !== look.command) item.command = look.command;
    if (shown?.tone !== look.tone) item.backgroundColor = colorOf(look.tone);
    if (shown?.tooltip !== look.tooltip) item.tooltip = markdownOf(look.tooltip);
    this.shown = look;
  }

  dispose(): void {
    this.item.dispose();
  }
}

function colorOf(tone: Tone): vscode.ThemeColor | undefined {
  const name = backgrounds[tone];
  return name === undefined ? undefined : new vscode.ThemeColor(name);
}

/** Trusted for three commands without arguments and nothing else; no HTML, no icons. */
function markdownOf(text: string): vscode.MarkdownString {
  const markdown = new vscode.MarkdownString(text, false);
  markdown.isTrusted = {
    enabledCommands: [commands.openDashboard, commands.pinSession, commands.showLog],
  };
  markdown.supportHtml = false;
  return markdown;
}
