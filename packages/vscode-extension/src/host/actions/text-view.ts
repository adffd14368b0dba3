import * as vscode from "vscode";

const SCHEME = "cctelemetry-result";

/** Shows texts in editors of their own: nothing to save, nothing to change, forgotten when closed. */
export class TextView implements vscode.Disposable {
  private readonly texts: Map<string, string> = new Map();
  private readonly held: readonly vscode.Disposable[];
  private count = 0;

  constructor() {
    this.held = [
      vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
        provideTextDocumentContent: (uri) => this.texts.get(uri.path) ?? "",
      }),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        if (uri.scheme === SCHEME) this.texts.delete(uri.path);
      }),
    ];
  }

  async show(title: string, text: string): Promise<void> {
    this.count += 1;
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `${title} ${this.count}` });
    this.texts.set(uri.path, text);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document, { preview: true });
  }

  dispose(): void {
    this.texts.clear();
    for (const each of this.held) each.dispose();
  }
}
