import { dirname } from "node:path";
import { readHostMessage } from "@cctelemetry/dashboard/protocol";
import * as vscode from "vscode";
import type { ChildToHost, HostToChild } from "../messages.ts";
import {
  type ActionContext,
  copyReport,
  importFiles,
  openFolder,
  runSql,
} from "./actions/actions.ts";
import { TextView } from "./actions/text-view.ts";
import type { ChildLink, LinkListener } from "./child/child-link.ts";
import { PendingRequests } from "./child/pending-requests.ts";
import { type CommandId, commands } from "./commands.ts";
import { DASHBOARD_TYPE, DashboardPanel, type Welcome } from "./panel/dashboard-panel.ts";
import { runPageAction } from "./panel/page-actions.ts";
import { readSettings, type Settings } from "./settings.ts";
import { copyCollector, copyVariables, followFiles, getStarted } from "./setup/setup.ts";
import { activeSession } from "./status/active-session.ts";
import type { ItemState } from "./status/item-state.ts";
import { pickSession } from "./status/pin-pick.ts";
import { statusAppearance } from "./status/status-appearance.ts";
import { StatusItem } from "./status/status-item.ts";

const PINNED_KEY = "cctelemetry.pinned";
/** True once telemetry was seen; the walkthrough's last step waits for it. */
const LIVE_KEY = "cctelemetry.live";

/** Starts the child process. */
export type StartLink = (startMessage: () => HostToChild, listener: LinkListener) => ChildLink;

type Started = Extract<ChildToHost, { kind: "started" }>;

/** The extension in one window of VS Code, from activate to deactivate. */
export class ExtensionWindow {
  private readonly context: vscode.ExtensionContext;
  private readonly startLink: StartLink;
  private readonly log: vscode.LogOutputChannel;
  private readonly item: StatusItem;
  private readonly panel: DashboardPanel;
  private readonly requests: PendingRequests;
  private readonly starting: NodeJS.Immediate;
  private link: ChildLink | undefined;
  private settings: Settings;
  private state: ItemState = { kind: "starting" };
  private started: Started | undefined;
  private pinned: string | null;
  private sawTelemetry = false;

  constructor(context: vscode.ExtensionContext, startLink: StartLink) {
    this.context = context;
    this.startLink = startLink;
    this.log = vscode.window.createOutputChannel("Claude Code Telemetry", { log: true });
    this.item = new StatusItem();
    this.settings = currentSettings();
    this.pinned = context.workspaceState.get<string | null>(PINNED_KEY) ?? null;
    const send = (message: HostToChild): boolean => this.link?.send(message) ?? false;
    this.requests = new PendingRequests(send);
    this.panel = new DashboardPanel({
      extensionUri: context.extensionUri,
      memory: context.workspaceState,
      send,
      welcome: () => this.welcome(),
      run: (action) => {
        void runPageAction(action, (sessionId) => this.pin(sessionId));
      },
      log: (text) => this.log.warn(text),
    });
    this.register();
    this.draw();
    // The window comes first: the child is started once it has been drawn.
    this.starting = setImmediate(() => this.begin());
  }

  /** Ends the child process. */
  async close(): Promise<void> {
    clearImmediate(this.starting);
    this.requests.childGone();
    await this.link?.close();
  }

  private register(): void {
    const textView = new TextView();
    const actions = this.actionContext(textView);
    const work: Readonly<Record<CommandId, (...given: unknown[]) => unknown>> = {
      [commands.openDashboard]: () => this.panel.show(),
      [commands.pinSession]: () => this.choosePinned(),
      [commands.importFile]: (clicked, selected) => importFiles(actions, clicked, selected),
      [commands.runSql]: () => runSql(actions),
      [commands.copyReport]: () => copyReport(actions),
      [commands.openTelemetryFolder]: () => openFolder(actions),
      [commands.followFile]: () => followFiles(),
      [commands.getStarted]: () => getStarted(),
      [commands.copyVariables]: () => copyVariables(),
      [commands.copyCollector]: () => copyCollector(this.started?.telemetryFolder),
      [commands.showLog]: () => this.log.show(),
      [commands.restart]: () => this.restart(),
    };
    this.context.subscriptions.push(
      this.log,
      this.item,
      this.panel,
      textView,
      ...Object.entries(work).map(([id, action]) => vscode.commands.registerCommand(id, action)),
      vscode.window.registerWebviewPanelSerializer(DASHBOARD_TYPE, {
        deserializeWebviewPanel: (panel) => {
          this.panel.adopt(panel);
          return Promise.resolve();
        },
      }),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration("cctelemetry")) this.applySettings();
      }),
    );
  }

  private actionContext(textView: TextView): ActionContext {
    return {
      requests: this.requests,
      textView,
      reports: () => this.welcome()?.reports ?? [],
      shownSession: () => this.shownSession(),
      folder: () => {
        const [file] = this.state.kind === "starting" ? [] : (this.state.view?.files ?? []);
        return file === undefined ? this.started?.dataFolder : dirname(file.path);
      },
      log: (text) => this.log.warn(text),
    };
  }

  private begin(): void {
    for (const problem of this.settings.problems) this.log.warn(problem);
    this.link = this.startLink(() => this.startMessage(), {
      onMessage: (message) => this.handle(message),
      onGone: (reason, pauseMs) => this.gone(reason, pauseMs),
      log: (level, text) => this.log[level](text),
    });
  }

  private startMessage(): HostToChild {
    const { telemetryPaths, database, timeZone, receiver } = this.settings;
    return {
      kind: "start",
      paths: [...telemetryPaths],
      database: database ?? null,
      timeZone: timeZone ?? null,
      pinned: this.pinned,
      receiver,
      watched: this.panel.isWatched,
    };
  }

  private handle(message: ChildToHost): void {
    switch (message.kind) {
      case "status":
        this.state = { kind: "live", view: message.view };
        this.reportLive();
        this.draw();
        return;
      case "page":
        this.panel.pass(message.message);
        return;
      case "answer":
      case "refusal":
      case "progress":
        this.requests.handle(message);
        return;
      case "started":
        this.started = message;
        this.log.info(`The database is ${message.database}.`);
        for (const path of message.paths) this.log.info(`Followed: ${path}`);
        this.panel.childStarted();
        return;
      case "log":
        this.log[message.level](message.text);
        return;
      default:
        this.log.error(`${message.message} ${message.hint}`.trim());
    }
  }

  private gone(reason: string, pauseMs: number): void {
    this.log.warn(`The child process is gone. ${reason} It is started again in ${pauseMs} ms.`);
    const view = this.state.kind === "starting" ? undefined : this.state.view;
    this.state = { kind: "restarting", view, reason };
    this.requests.childGone();
    this.panel.childGone();
    this.draw();
  }

  private restart(): void {
    this.log.info("Started again on request.");
    this.state = { kind: "starting" };
    this.requests.childGone();
    this.panel.childGone();
    this.draw();
    this.link?.restart();
  }

  private applySettings(): void {
    const before = JSON.stringify(this.startMessage());
    this.settings = currentSettings();
    for (const problem of this.settings.problems) this.log.warn(problem);
    if (JSON.stringify(this.startMessage()) === before) this.draw();
    else this.restart();
  }

  private async choosePinned(): Promise<void> {
    const view = this.state.kind === "starting" ? undefined : this.state.view;
    const chosen = await pickSession(view, this.pinned);
    if (chosen !== undefined) this.pin(chosen);
  }

  private pin(sessionId: string | null): void {
    this.pinned = sessionId;
    void this.context.workspaceState.update(PINNED_KEY, sessionId);
    this.link?.send({ kind: "pin", sessionId });
    this.panel.pinned(sessionId);
    this.draw();
  }

  /** The first message of a page, with what has changed since the child sent it. */
  private welcome(): Welcome | undefined {
    const message = readHostMessage(this.started?.welcome);
    return message?.kind === "welcome" ? { ...message, pinned: this.pinned } : undefined;
  }

  private shownSession(): string | undefined {
    const { state, pinned, settings } = this;
    if (state.kind === "starting" || state.view === undefined) return undefined;
    const active = activeSession(state.view, pinned, settings.idleAfterMs);
    return active.kind === "none" ? state.view.sessions[0]?.session_id : active.session.session_id;
  }

  private reportLive(): void {
    if (this.sawTelemetry || this.state.kind !== "live") return;
    if (this.state.view.sessions.length === 0) return;
    this.sawTelemetry = true;
    void vscode.commands.executeCommand("setContext", LIVE_KEY, true);
  }

  private draw(): void {
    const { settings, pinned } = this;
    this.item.show(statusAppearance(this.state, { settings, pinned }));
  }
}

function currentSettings(): Settings {
  const configuration = vscode.workspace.getConfiguration("cctelemetry");
  return readSettings((name) => configuration.get<unknown>(name));
}
