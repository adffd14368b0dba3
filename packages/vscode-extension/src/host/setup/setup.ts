import * as vscode from "vscode";
import { chooseFiles } from "../actions/actions.ts";
import { EXTENSION_ID, WALKTHROUGH_ID } from "../ids.ts";
import { collectorConfiguration, exportVariables } from "./setup-texts.ts";

/** Opens the walkthrough. */
export async function getStarted(): Promise<void> {
  const walkthrough = `${EXTENSION_ID}#${WALKTHROUGH_ID}`;
  await vscode.commands.executeCommand("workbench.action.openWalkthrough", walkthrough, false);
}

/** Puts into the clipboard what makes Claude Code send its telemetry. */
export async function copyVariables(): Promise<void> {
  await vscode.env.clipboard.writeText(exportVariables);
  vscode.window.setStatusBarMessage("$(check) Variables copied", 3000);
}

/** Puts into the clipboard a configuration that writes to where telemetry is looked for. */
export async function copyCollector(folder: string | undefined): Promise<void> {
  if (folder === undefined) {
    await vscode.window.showInformationMessage(
      "The data folder is not known yet; try again in a moment.",
    );
    return;
  }
  await vscode.workspace.fs.createDirectory(vscode.Uri.file(folder));
  const text = collectorConfiguration(folder);
  await vscode.env.clipboard.writeText(text);
  vscode.window.setStatusBarMessage("$(check) Configuration copied", 3000);
}

/** Lets choose files and adds them to the setting, so that they are followed from now on. */
export async function followFiles(): Promise<void> {
  const uris = await chooseFiles("Which files does the Collector write?", "Follow");
  const chosen = (uris ?? []).filter(({ scheme }) => scheme === "file");
  if (chosen.length === 0) return;
  const configuration = vscode.workspace.getConfiguration("cctelemetry");
  const before = configuration.get<unknown>("telemetryPaths");
  const paths = [...(Array.isArray(before) ? before : []), ...chosen.map(({ fsPath }) => fsPath)];
  const target = vscode.ConfigurationTarget.Global;
  await configuration.update("telemetryPaths", [...new Set(paths)], target);
}
