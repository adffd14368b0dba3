import * as vscode from "vscode";
import type { ChildToHost, HostToChild } from "../messages.ts";
import type { ChildLink, LinkListener } from "./child-link.ts";
import { commands } from "./commands.ts";
import type { ItemState } from "./item-state.ts";
import { readSettings, type Settings } from "./settings.ts";
import { StatusItem } from "./status-item.ts";
import { statusLook } from "./status-look.ts";

const PINNED_KEY = "cctelemetry.pinned";

/** Starts the child process. */
export type StartLink = (greeting: () => HostToChild, listener: LinkListener) => ChildLink;

/** What one window has of the extension: everything between activate and deactivate. */
export class Session {
  private readonly startLink: StartLink;
  private readonly log: vscode.LogOutputChannel;
  private readonly item: StatusItem;
  private readonly starting: NodeJS.Immediate;
  private link: ChildLink | undefined;
  private settings: Settings;
  private state: ItemState = { kind: "starting" };
  private pinned: string | null;

  constructor(context: vscode.ExtensionContext, startLink: StartLink) {
    this.startLink = startLink;
    this.log = vscode.window.createOutputChannel("Claude Code Telemetry", { log: true });
    this.item = new StatusItem();
    this.settings = currentSettings();
    this.pinned = context.workspaceState.get<string | null>(PINNED_KEY) ?? null;
    context.subscriptions.push(
      this.log,
      this.item,
      vscode.commands.registerCommand(commands.showLog, () => this.log.show()),
      vscode.commands.registerCommand(commands.restart, () => this.restart()),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration("cctelemetry")) this.takeSettings();
      }),
    );
    this.draw();
    // The window comes first: the child is started once it has been drawn.
    this.starting = setImmediate(() => this.begin());
  }

  /** Ends the child process. */
  async close(): Promise<void> {
    clearImmediate(this.starting);
    await this.link?.close();
  }

  private begin(): void {
    for (const problem of this.settings.problems) this.log.warn(problem);
    this.link = this.startLink(() => this.greeting(), {
      onMessage: (message) => this.take(message),
      onGone: (reason, pauseMs) => this.gone(reason, pauseMs),
      log: (level, text) => this.log[level](text),
    });
  }

  private greeting(): HostToChild {
    const { telemetryPaths, database, timeZone, idleAfterMs } = this.settings;
    return {
      kind: "start",
      paths: [...telemetryPaths],
      database: database ?? null,
      timeZone: timeZone ?? null,
      idleAfterMs,
      pinned: this.pinned,
    };
  }

  private take(message: ChildToHost): void {
    switch (message.kind) {
      case "status":
        this.state = { kind: "live", view: message.view };
        this.draw();
        return;
      case "started":
        this.log.info(`The database is ${message.database}.`);
        for (const path of message.paths) this.log.info(`Followed: ${path}`);
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
    this.draw();
  }

  private restart(): void {
    this.log.info("Started again on request.");
    this.state = { kind: "starting" };
    this.draw();
    this.link?.startAnew();
  }

  private takeSettings(): void {
    const before = JSON.stringify(this.greeting());
    this.settings = currentSettings();
    for (const problem of this.settings.problems) this.log.warn(problem);
    if (JSON.stringify(this.greeting()) === before) this.draw();
    else this.restart();
  }

  private draw(): void {
    const { settings, pinned } = this;
    this.item.show(statusLook(this.state, { settings, pinned }));
  }
}

function currentSettings(): Settings {
  const configuration = vscode.workspace.getConfiguration("cctelemetry");
  return readSettings((name) => configuration.get<unknown>(name));
}
