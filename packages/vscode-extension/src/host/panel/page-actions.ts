import type { HostCommand, PageMessage } from "@cctelemetry/dashboard/protocol";
import * as vscode from "vscode";
import { saveText } from "../actions/actions.ts";
import { type CommandId, commands } from "../commands.ts";
import { EXTENSION_ID } from "../ids.ts";

/** What a page asks of the window itself. */
export type PageAction = Extract<PageMessage, { kind: "copy" | "save" | "pin" | "command" }>;

const ownCommands: Readonly<Record<Exclude<HostCommand, "settings">, CommandId>> = {
  log: commands.showLog,
  folder: commands.openTelemetryFolder,
  import: commands.importFile,
  walkthrough: commands.getStarted,
};

/** Does what a page asks for. */
export async function runPageAction(
  action: PageAction,
  pin: (sessionId: string | null) => void,
): Promise<void> {
  switch (action.kind) {
    case "copy":
      await vscode.env.clipboard.writeText(action.text);
      return;
    case "save":
      await saveText(action.name, action.text);
      return;
    case "pin":
      pin(action.sessionId);
      return;
    default:
      await runCommand(action.command);
  }
}

async function runCommand(command: HostCommand): Promise<void> {
  if (command !== "settings") {
    await vscode.commands.executeCommand(ownCommands[command]);
    return;
  }
  await vscode.commands.executeCommand("workbench.action.openSettings", `@ext:${EXTENSION_ID}`);
}
