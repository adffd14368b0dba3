import { randomBytes } from "node:crypto";
import { pageAssets, pageHtml } from "@cctelemetry/dashboard/page";
import type { HostMessage, PageMessage } from "@cctelemetry/dashboard/protocol";
import { readHostMessage, readPageMessage, readPageState } from "@cctelemetry/dashboard/protocol";
import * as vscode from "vscode";
import type { HostToChild } from "../../messages.ts";
import type { PageAction } from "./page-actions.ts";
import { PageRequests } from "./page-requests.ts";

export const DASHBOARD_TYPE = "cctelemetry.dashboard";
const STATE_KEY = "cctelemetry.page";

/** The first message of a page. */
export type Welcome = Extract<HostMessage, { kind: "welcome" }>;
/** What the panel needs of the window. */
export interface PanelHost {
  readonly extensionUri: vscode.Uri;
  /** Keeps the page's state from one opening to the next. */
  readonly memory: vscode.Memento;
  readonly send: (message: HostToChild) => boolean;
  /** The page's first message, without its state; undefined until the child has sent it. */
  readonly welcome: () => Welcome | undefined;
  /** Does what only the window can do. */
  readonly run: (action: PageAction) => void;
  readonly log: (text: string) => void;
}

/** The editor tab with the dashboard; one for a window. */
export class DashboardPanel implements vscode.Disposable {
  private readonly host: PanelHost;
  private readonly requests: PageRequests = new PageRequests();
  private panel: vscode.WebviewPanel | undefined;
  private isReady = false;
  private waitsForWelcome = false;

  constructor(host: PanelHost) {
    this.host = host;
  }

  /** Whether a page is shown, so that it is worth sending it the status. */
  get isWatched(): boolean {
    return this.panel?.visible === true && this.isReady;
  }

  /** Opens the panel, or brings it to the front. */
  show(): void {
    if (this.panel !== undefined) {
      this.panel.reveal();
      return;
    }
    const panel = vscode.window.createWebviewPanel(
      DASHBOARD_TYPE,
      "Claude Code Telemetry",
      vscode.ViewColumn.Active,
    );
    this.adopt(panel);
  }

  /** Uses a panel that is new, or that the window restores after a reload. */
  adopt(panel: vscode.WebviewPanel): void {
    this.panel?.dispose();
    this.panel = panel;
    this.isReady = false;
    panel.iconPath = vscode.Uri.joinPath(this.host.extensionUri, "media", "icon.png");
    panel.onDidDispose(() => this.closed(panel));
    panel.onDidChangeViewState(() => this.sendWatched());
    panel.webview.onDidReceiveMessage((received: unknown) => this.receive(received));
    const folder = vscode.Uri.joinPath(this.host.extensionUri, "media", "dashboard");
    panel.webview.options = { enableScripts: true, localResourceRoots: [folder] };
    panel.webview.html = documentOf(panel.webview, folder);
  }

  /** Passes on the child's message to the page, if it is valid. */
  pass(received: unknown): void {
    const message = readHostMessage(received);
    if (message === undefined) {
      this.host.log("A message of the child for the page was not understood.");
      return;
    }
    const passed = this.requests.toPage(message);
    if (passed !== undefined) this.post(passed);
  }

  /** The child has sent what the page's first message needs. */
  childStarted(): void {
    if (this.waitsForWelcome) this.sendWelcome();
    else this.post({ kind: "changed" });
    this.sendWatched();
  }

  childGone(): void {
    for (const message of this.requests.failAll()) this.post(message);
  }

  /** Sends the page which session is pinned. */
  pinned(sessionId: string | null): void {
    this.post({ kind: "pinned", sessionId });
  }

  dispose(): void {
    this.panel?.dispose();
  }

  private receive(received: unknown): void {
    const message = readPageMessage(received);
    if (message === undefined) {
      this.host.log("A message of the page was not understood.");
      return;
    }
    switch (message.kind) {
      case "ready":
        this.forgetRequests();
        this.isReady = true;
        this.sendWelcome();
        this.sendWatched();
        return;
      case "report":
      case "query":
      case "schema":
        this.request(message);
        return;
      case "cancel": {
        const id = this.requests.cancel(message.id);
        if (id !== undefined) this.host.send({ kind: "page", message: { kind: "cancel", id } });
        return;
      }
      case "state":
        void this.host.memory.update(STATE_KEY, message.state);
        return;
      default:
        this.host.run(message);
    }
  }

  private request(request: Extract<PageMessage, { kind: "report" | "query" | "schema" }>): void {
    const message = this.requests.toChild(request);
    if (this.host.send({ kind: "page", message })) return;
    this.childGone();
  }

  private sendWelcome(): void {
    const welcome = this.host.welcome();
    this.waitsForWelcome = welcome === undefined;
    if (welcome === undefined) return;
    const state = readPageState(this.host.memory.get(STATE_KEY));
    this.post({ ...welcome, state: state ?? null });
  }

  private sendWatched(): void {
    this.host.send({ kind: "watched", watched: this.isWatched });
  }

  private post(message: HostMessage): void {
    if (this.isReady) void this.panel?.webview.postMessage(message);
  }

  private forgetRequests(): void {
    for (const id of this.requests.forgetAll()) {
      this.host.send({ kind: "page", message: { kind: "cancel", id } });
    }
  }

  private closed(panel: vscode.WebviewPanel): void {
    if (panel !== this.panel) return;
    this.panel = undefined;
    this.isReady = false;
    this.waitsForWelcome = false;
    this.forgetRequests();
    this.sendWatched();
  }
}

/** The page's document; scripts run only where they carry a number that nobody can guess. */
function documentOf(webview: vscode.Webview, folder: vscode.Uri): string {
  const uriOf = (name: string): string =>
    webview.asWebviewUri(vscode.Uri.joinPath(folder, name)).toString();
  return pageHtml({
    script: uriOf(pageAssets.script),
    style: uriOf(pageAssets.style),
    source: webview.cspSource,
    nonce: randomBytes(16).toString("base64url"),
  });
}
