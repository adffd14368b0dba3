import * as vscode from "vscode";
import { ChildLink } from "./child-link.ts";
import { Session } from "./session.ts";

let session: Session | undefined;

/** Called by VS Code once the window stands. Wires, and leaves the work to a child process. */
export function activate(context: vscode.ExtensionContext): void {
  const script = vscode.Uri.joinPath(context.extensionUri, "dist", "child", "main.mjs").fsPath;
  session = new Session(context, (greeting, listener) => {
    const env = { ELECTRON_RUN_AS_NODE: "1" };
    return new ChildLink({ script, greeting, env }, listener);
  });
}

/** Called by VS Code when the window closes. Resolves when the child process is gone. */
export async function deactivate(): Promise<void> {
  const ending = session;
  session = undefined;
  await ending?.close();
}
