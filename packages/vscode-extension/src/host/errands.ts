import type { HostCommand, PageMessage } from "@cctelemetry/dashboard/protocol";
import * as vscode from "vscode";
import { saveText } from "./actions.ts";
import { type CommandId, commands } from "./commands.ts";
import { EXTENSION_ID } from "./ids.ts";

/** What a page asks of the window itself. */
export type Errand = Extract<PageMessage, { kind: "copy" | "save" | "pin" | "command" }>;

const ownCommands: Readonly<Record<Exclude<HostCommand, "settings">, CommandId>> = {
  log: commands.showLog,
  folder: commands.openTelemetryFolder,
  import: commands.importFile,
  walkthrough: commands.getStarted,
};

/** Does what a page asks for. */
export async function runErrand(
  errand: Errand,
  pin: (sessionId: string | null) => void,
): Promise<void> {
  switch (errand.kind) {
    case "copy":
      await vscode.env.clipboard.writeText(errand.text);
      return;
    case "save":
      await saveText(errand.name, errand.text);
      return;
    case "pin":
      pin(errand.sessionId);
      return;
    default:
      await runCommand(errand.command);
  }
}

async function runCommand(command: HostCommand): Promise<void> {
  if (command !== "settings") {
    await vscode.commands.executeCommand(ownCommands[command]);
    return;
  }
  await vscode.commands.executeCommand("workbench.action.openSettings", `@ext:${EXTENSION_ID}`);
}
