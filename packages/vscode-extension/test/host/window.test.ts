import { beforeEach, describe, expect, test } from "vitest";
import type { ChildLink, LinkListener } from "../../src/host/child/child-link.ts";
import { commands } from "../../src/host/commands.ts";
import { ExtensionWindow } from "../../src/host/window.ts";
import type { HostToChild } from "../../src/messages.ts";
import { SESSION_ID, sessionWith, viewWith } from "../support/views.ts";
import * as stub from "../support/vscode.ts";

/** A link whose child is the test. */
class Link {
  readonly sent: HostToChild[] = [];
  readonly listener: LinkListener;
  readonly startMessage: () => HostToChild;
  isClosed = false;
  starts = 0;
  constructor(startMessage: () => HostToChild, listener: LinkListener) {
    this.startMessage = startMessage;
    this.listener = listener;
  }
  send(message: HostToChild): boolean {
    this.sent.push(message);
    return !this.isClosed;
  }
  restart(): void {
    this.starts += 1;
  }
  close(): Promise<void> {
    this.isClosed = true;
    return Promise.resolve();
  }
}

const memory = new Map<string, unknown>();
const subscriptions: { dispose(): unknown }[] = [];
let link: Link | undefined;

function open(): ExtensionWindow {
  const context = {
    extensionUri: stub.Uri.file("/ext"),
    subscriptions,
    workspaceState: {
      get: (key: string) => memory.get(key),
      update: (key: string, value: unknown) => Promise.resolve(void memory.set(key, value)),
    },
  };
  // The stub has the part of the context and of the link that a window uses.
  return new ExtensionWindow(context as never, (startMessage, listener) => {
    link = new Link(startMessage, listener);
    return link as unknown as ChildLink;
  });
}

async function close(extension: ExtensionWindow): Promise<void> {
  await extension.close();
  for (const each of subscriptions.splice(0)) each.dispose();
}

const turn = (): Promise<void> => new Promise((done) => void setImmediate(done));

function childOf(): Link {
  if (link === undefined) throw new Error("The child was not started.");
  return link;
}

function shownItem(): stub.StatusBarItem {
  const item = stub.items.at(-1);
  if (item === undefined) throw new Error("There is no item.");
  return item;
}

/** As a page keeps it. */
const pageState = {
  tab: "sql",
  last: null,
  since: null,
  until: null,
  session: null,
  workflow: null,
  stage: null,
  model: null,
  openWorkflow: null,
  openSession: null,
  split: null,
  sql: "FROM api_requests",
  history: [],
};

const welcome = {
  kind: "welcome",
  state: null,
  timeZone: "UTC",
  pinned: null,
  reports: [],
} as const;

beforeEach(() => {
  link = undefined;
  memory.clear();
  stub.configured.clear();
  stub.panels.length = 0;
  stub.executed.length = 0;
});

describe("a window", () => {
  test("shows what the child sends, and lets go of everything at the end", async () => {
    const extension = open();
    expect(shownItem().text).toBe("$(loading~spin) telemetry");
    expect(link).toBeUndefined();
    await turn();
    childOf().listener.onMessage({ kind: "status", view: viewWith() });
    expect(shownItem()).toMatchObject({
      id: "cctelemetry.status",
      text: "$(pulse) 391k · $0.14  implement",
      command: commands.openDashboard,
    });
    const { tooltip } = shownItem();
    expect(tooltip?.supportHtml).toBe(false);
    expect(tooltip?.supportThemeIcons).toBe(false);
    expect(tooltip?.isTrusted).toEqual({
      enabledCommands: [commands.openDashboard, commands.pinSession, commands.showLog],
    });
    expect(stub.executed).toContainEqual(["setContext", "cctelemetry.live", true]);
    childOf().listener.onGone("It ended by SIGKILL.", 250);
    expect(shownItem().text).toContain("$(sync~spin)");
    await close(extension);
    expect(childOf().isClosed).toBe(true);
  });

  test("leaves nothing undisposed after 200 openings", async () => {
    for (let at = 0; at < 200; at++) {
      const extension = open();
      if (at % 2 === 0) await turn();
      stub.registered.get(commands.openDashboard)?.();
      await close(extension);
    }
    expect([...stub.alive].filter(([, count]) => count !== 0)).toEqual([]);
    expect(stub.registered.size).toBe(0);
  });

  test("does not grow with refreshes", async () => {
    const extension = open();
    await turn();
    const refresh = (count: number): void => {
      for (let at = 0; at < count; at++) {
        const view = viewWith({ sessions: [sessionWith({ total_tokens: at })] });
        childOf().listener.onMessage({ kind: "status", view });
      }
    };
    refresh(500);
    globalThis.gc?.();
    const before = process.memoryUsage().heapUsed;
    refresh(1000);
    globalThis.gc?.();
    const grown = process.memoryUsage().heapUsed - before;
    // Without a collection on request what is garbage counts, too.
    expect(grown).toBeLessThan(globalThis.gc === undefined ? 40e6 : 5e6);
    await close(extension);
  });

  test("pins a session for this window", async () => {
    const extension = open();
    await turn();
    stub.registered.get(commands.openDashboard)?.();
    const [panel] = stub.panels;
    panel?.receive({ kind: "pin", sessionId: SESSION_ID });
    childOf().listener.onMessage({ kind: "status", view: viewWith() });
    expect(shownItem().text).toBe("$(pinned) 391k · $0.14  implement");
    expect(childOf().sent).toContainEqual({ kind: "pin", sessionId: SESSION_ID });
    await close(extension);
    const again = open();
    await turn();
    expect(childOf().startMessage()).toMatchObject({ pinned: SESSION_ID });
    await close(again);
  });

  test("restarts the child if a setting matters to it, and only then", async () => {
    const extension = open();
    await turn();
    stub.changeSettings({ "status.text": "{cost}" });
    expect(childOf().starts).toBe(0);
    stub.changeSettings({ telemetryPaths: ["/otel/a.jsonl"] });
    expect(childOf().starts).toBe(1);
    expect(childOf().startMessage()).toMatchObject({ paths: ["/otel/a.jsonl"] });
    await close(extension);
  });
});

describe("the panel", () => {
  async function opened() {
    const extension = open();
    await turn();
    stub.registered.get(commands.openDashboard)?.();
    const panel = stub.panels.at(-1);
    if (panel === undefined) throw new Error("There is no panel.");
    return { extension, panel, child: childOf() };
  }

  test("loads scripts by a fresh number alone, from its own folder", async () => {
    const { extension, panel } = await opened();
    const { html, options } = panel.webview;
    const nonce = /script-src 'nonce-([\w-]{20,})'[;"]/.exec(html)?.[1];
    expect(html).toContain(`nonce="${nonce}"`);
    expect(html).toContain("default-src 'none'");
    expect(html).not.toContain("unsafe");
    expect(options).toMatchObject({
      enableScripts: true,
      localResourceRoots: [stub.Uri.file("/ext/media/dashboard")],
    });
    panel.dispose();
    stub.registered.get(commands.openDashboard)?.();
    expect(stub.panels.at(-1)?.webview.html).not.toContain(nonce);
    await close(extension);
  });

  test("greets a page once the child has sent its state, and passes on questions and answers", async () => {
    const { extension, panel, child } = await opened();
    panel.receive({ kind: "ready" });
    expect(panel.posted).toEqual([]);
    expect(child.sent.at(-1)).toEqual({ kind: "watched", watched: true });
    const started = {
      database: "/d",
      dataFolder: "/data",
      telemetryFolder: "/data/otlp",
      paths: [],
      welcome,
    };
    child.listener.onMessage({ kind: "started", ...started });
    expect(panel.posted).toEqual([welcome]);
    panel.receive({ kind: "report", id: 0, name: "stages", parameters: { last: "7d" } });
    const asked = child.sent.at(-1);
    if (asked?.kind !== "page") throw new Error("Nothing was asked.");
    const { id } = asked.message as { readonly id: number };
    const table = { kind: "table", columns: [], rows: [], more: false, footer: null } as const;
    child.listener.onMessage({ kind: "page", message: { ...table, id: id + 1 } });
    child.listener.onMessage({ kind: "page", message: { ...table, id } });
    child.listener.onMessage({ kind: "page", message: { ...table, id } });
    child.listener.onMessage({ kind: "page", message: { kind: "evil" } });
    expect(panel.posted.slice(1)).toEqual([{ ...table, id: 0 }]);
    await close(extension);
  });

  test("answers what is open as failed when the child is gone", async () => {
    const { extension, panel, child } = await opened();
    panel.receive({ kind: "ready" });
    panel.receive({ kind: "schema", id: 3 });
    child.listener.onGone("It ended by SIGSEGV.", 250);
    expect(panel.posted).toMatchObject([{ kind: "failed", id: 3 }]);
    await close(extension);
  });

  test("keeps the page's state, and takes nothing that is no message", async () => {
    const { extension, panel, child } = await opened();
    panel.receive({ kind: "state", state: pageState });
    const before = child.sent.length;
    for (const nonsense of [null, "x", { kind: "exec" }, { kind: "report", id: "1" }]) {
      panel.receive(nonsense);
    }
    panel.receive({ kind: "command", command: "workbench.action.quit" });
    expect(child.sent).toHaveLength(before);
    expect(stub.executed).toEqual([]);
    child.listener.onMessage({
      kind: "started",
      database: "/d",
      dataFolder: "/data",
      telemetryFolder: "/data/otlp",
      paths: [],
      welcome,
    });
    panel.receive({ kind: "ready" });
    expect(panel.posted.at(-1)).toEqual({ ...welcome, state: pageState });
    await close(extension);
  });

  test("comes back with what was kept last, whatever the window kept of it", async () => {
    const { extension, panel, child } = await opened();
    panel.receive({ kind: "state", state: pageState });
    const back = new stub.WebviewPanel();
    await stub.serializers.at(-1)?.deserializeWebviewPanel(back, { ...pageState, tab: "live" });
    child.listener.onMessage({
      kind: "started",
      database: "/d",
      dataFolder: "/data",
      telemetryFolder: "/data/otlp",
      paths: [],
      welcome,
    });
    back.receive({ kind: "ready" });
    expect(back.posted.at(-1)).toEqual({ ...welcome, state: pageState });
    await close(extension);
  });

  test("gets the live state only while it is seen", async () => {
    const { extension, panel, child } = await opened();
    panel.receive({ kind: "ready" });
    panel.setVisible(false);
    expect(child.sent.at(-1)).toEqual({ kind: "watched", watched: false });
    panel.setVisible(true);
    panel.dispose();
    expect(child.sent.at(-1)).toEqual({ kind: "watched", watched: false });
    await close(extension);
  });

  test("copies what the page hands over", async () => {
    const { extension, panel } = await opened();
    panel.receive({ kind: "copy", text: "a;b" });
    expect(stub.clipboardTexts.at(-1)).toBe("a;b");
    await close(extension);
  });
});
