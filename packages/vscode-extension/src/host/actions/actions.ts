import type { ReportDescription } from "@cctelemetry/dashboard/protocol";
import * as vscode from "vscode";
import type { Answer, PendingRequests } from "../child/pending-requests.ts";
import type { TextView } from "./text-view.ts";

/** What the commands need of the window. */
export interface ActionContext {
  readonly requests: PendingRequests;
  readonly textView: TextView;
  readonly reports: () => readonly ReportDescription[];
  /** The session that the item shows. */
  readonly shownSession: () => string | undefined;
  /** Where telemetry lies: the folder of the first file, else the data folder. */
  readonly folder: () => string | undefined;
  readonly log: (text: string) => void;
}

/** Reads files into the database: those of the explorer, or those that are chosen. */
export async function importFiles(
  context: ActionContext,
  clicked: unknown,
  selected: unknown,
): Promise<void> {
  const uris = urisOf(clicked, selected) ?? (await chooseFiles("Import telemetry files", "Import"));
  const paths = uris?.filter(({ scheme }) => scheme === "file").map(({ fsPath }) => fsPath) ?? [];
  if (paths.length === 0) return;
  const answer = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: `Importing ${paths.length === 1 ? fileName(paths[0] ?? "") : `${paths.length} files`}`,
      cancellable: true,
    },
    (progress, token) => {
      let shown = 0;
      return context.requests.request(
        { what: "import", paths: [...paths] },
        (cancel) => token.onCancellationRequested(cancel),
        ({ bytesRead, bytesTotal }) => {
          if (bytesTotal === null || bytesTotal === 0) return;
          const percent = Math.min(100, (bytesRead / bytesTotal) * 100);
          progress.report({ increment: percent - shown, message: `${Math.floor(percent)} %` });
          shown = percent;
        },
      );
    },
  );
  if (!(await complain(answer, context))) {
    await vscode.window.showInformationMessage(`Imported: ${textOf(answer)}`);
  }
}

/** Asks for a statement, runs it and shows its rows. */
export async function runSql(context: ActionContext): Promise<void> {
  const sql = await vscode.window.showInputBox({
    title: "Run SQL on the telemetry",
    prompt: "One reading statement; it runs in a process of its own that can change nothing.",
    value: selectedSql() ?? "FROM api_requests ORDER BY time DESC LIMIT 20",
    ignoreFocusOut: true,
  });
  if (sql === undefined || sql.trim() === "") return;
  const answer = await withWindowProgress("Running SQL", (onCancel) =>
    context.requests.request({ what: "query", sql }, onCancel),
  );
  if (!(await complain(answer, context))) await context.textView.show("Result", textOf(answer));
}

/** Lets choose a report and puts it into the clipboard as Markdown. */
export async function copyReport(context: ActionContext): Promise<void> {
  const session = context.shownSession();
  const reports = context
    .reports()
    .filter(({ required }) =>
      required.every((name) => name === "session" && session !== undefined),
    );
  const picked = await vscode.window.showQuickPick(
    reports.map((report) => ({ label: report.title, description: report.question, report })),
    { title: "Copy a report as Markdown", matchOnDescription: true },
  );
  if (picked === undefined) return;
  const { name, required, parameters } = picked.report;
  const range = parameters.includes("last") && required.length === 0 ? await pickRange() : "";
  if (range === undefined) return;
  const given = {
    ...(range === "" ? {} : { last: range }),
    ...(required.includes("session") && session !== undefined ? { session } : {}),
  };
  const answer = await withWindowProgress("Making the report", (onCancel) =>
    context.requests.request({ what: "report", name, parameters: given }, onCancel),
  );
  if (await complain(answer, context)) return;
  await vscode.env.clipboard.writeText(textOf(answer));
  vscode.window.setStatusBarMessage(`$(check) ${picked.label} copied`, 3000);
}

/** Shows the folder in which the telemetry lies: in the system's files, or in a window of its own. */
export async function openFolder(context: ActionContext): Promise<void> {
  const folder = context.folder();
  if (folder === undefined) {
    await vscode.window.showInformationMessage(
      "The folder is not known yet; try again in a moment.",
    );
    return;
  }
  const uri = vscode.Uri.file(folder);
  await vscode.workspace.fs.createDirectory(uri);
  const here = vscode.env.remoteName === undefined && vscode.env.uiKind === vscode.UIKind.Desktop;
  if (here) await vscode.commands.executeCommand("revealFileInOS", uri);
  else await vscode.commands.executeCommand("vscode.openFolder", uri, { forceNewWindow: true });
}

/** Saves a text where the user wants it. */
export async function saveText(name: string, text: string): Promise<void> {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  const proposal =
    folder === undefined ? vscode.Uri.file(name) : vscode.Uri.joinPath(folder.uri, name);
  const uri = await vscode.window.showSaveDialog({ defaultUri: proposal });
  if (uri !== undefined) await vscode.workspace.fs.writeFile(uri, Buffer.from(text, "utf8"));
}

/** What the explorer hands over: the clicked file, and all that are selected with it. */
function urisOf(clicked: unknown, selected: unknown): readonly vscode.Uri[] | undefined {
  const all = Array.isArray(selected) && selected.length > 0 ? selected : [clicked];
  const uris = all.filter((each): each is vscode.Uri => each instanceof vscode.Uri);
  return uris.length === 0 ? undefined : uris;
}

/** Lets choose telemetry files. */
export async function chooseFiles(
  title: string,
  openLabel: string,
): Promise<readonly vscode.Uri[] | undefined> {
  return await vscode.window.showOpenDialog({
    title,
    openLabel,
    canSelectMany: true,
    filters: { Telemetry: ["jsonl", "json", "gz", "zst", "log", "binpb"], "All files": ["*"] },
  });
}

/** What is selected in an editor with SQL. */
function selectedSql(): string | undefined {
  const editor = vscode.window.activeTextEditor;
  if (editor?.document.languageId !== "sql") return undefined;
  const text = editor.document.getText(editor.selection).trim();
  return text === "" ? undefined : text;
}

async function pickRange(): Promise<string | undefined> {
  const ranges = [
    { label: "Last 7 days", last: "7d" },
    { label: "Last 24 hours", last: "24h" },
    { label: "Last 30 days", last: "30d" },
    { label: "All time", last: "" },
  ];
  const picked = await vscode.window.showQuickPick(ranges, { title: "Which time?" });
  return picked?.last;
}

function withWindowProgress(
  title: string,
  work: (onCancel: (cancel: () => void) => void) => Promise<Answer>,
): Thenable<Answer> {
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    (_progress, token) => work((cancel) => void token.onCancellationRequested(cancel)),
  );
}

/** Says why there is no answer; false if there is one. */
async function complain(answer: Answer, context: ActionContext): Promise<boolean> {
  if (answer.kind === "answer") return false;
  const text = `${answer.message} ${answer.hint}`.trim();
  context.log(text);
  await vscode.window.showErrorMessage(text);
  return true;
}

function textOf(answer: Answer): string {
  return answer.kind === "answer" ? answer.text : "";
}

function fileName(path: string): string {
  return path.split(/[\\/]/).pop() ?? path;
}
