import * as vscode from "vscode";
import { ChildLink } from "./child/child-link.ts";
import { ExtensionWindow } from "./window.ts";

let extensionWindow: ExtensionWindow | undefined;

/** Called by VS Code once the window is open. A child process does the work. */
export function activate(context: vscode.ExtensionContext): void {
  const script = vscode.Uri.joinPath(context.extensionUri, "dist", "child", "main.mjs").fsPath;
  extensionWindow = new ExtensionWindow(context, (startMessage, listener) => {
    const env = { ELECTRON_RUN_AS_NODE: "1" };
    return new ChildLink({ script, startMessage, env }, listener);
  });
}

/** Called by VS Code when the window closes. Resolves when the child process is gone. */
export async function deactivate(): Promise<void> {
  const ending = extensionWindow;
  extensionWindow = undefined;
  await ending?.close();
}
