import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { appendFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import * as vscode from "vscode";
import { eventLine } from "../support/lines.ts";
import { type HostTest, note } from "./host-test.ts";

const folder = process.env["HOST_TESTS_EXTENSION"] ?? "";
const telemetry = process.env["HOST_TESTS_TELEMETRY"] ?? "";
const turns = Number(process.env["HOST_TESTS_TURNS"]);

interface Extension {
  readonly activate: (context: vscode.ExtensionContext) => void;
  readonly deactivate: () => Promise<void>;
}

/** The extension's own code in the real host, begun and ended by the test. */
export const life: readonly HostTest[] = [
  {
    name: "activate() takes less than 50 ms of CPU",
    body: async () => {
      const beforeLoad = process.cpuUsage();
      const { activate, deactivate } = load();
      note("load_cpu_ms", millisecondsSince(beforeLoad));
      const context = newContext();
      const before = process.cpuUsage();
      activate(context);
      const took = millisecondsSince(before);
      note("activate_cpu_ms", took);
      await end(context, deactivate);
      assert.ok(took < 50, `${took} ms`);
    },
  },
  {
    name: "begun and ended many times leaves nothing",
    body: async () => {
      const { activate, deactivate } = load();
      const handles = (): number => process.getActiveResourcesInfo().length;
      const before = handles();
      for (let round = 0; round < turns; round++) {
        const context = newContext();
        activate(context);
        // Now and then the child process has begun its work.
        if (round % Math.ceil(turns / 5) === 0) await pause(700);
        await end(context, deactivate);
      }
      const deadline = Date.now() + 5000;
      const isLeft = (): boolean => children().length > 0 || handles() > before + 2;
      while (isLeft() && Date.now() < deadline) await pause(50);
      assert.deepEqual(children(), []);
      assert.ok(handles() <= before + 2, `${handles()} instead of ${before}`);
    },
  },
  {
    name: "the host does not grow over many refreshes",
    body: async () => {
      const { activate, deactivate } = load();
      const context = newContext();
      activate(context);
      await refresh(50);
      const before = heap();
      await refresh(turns);
      const growth = heap() - before;
      note(`heap_growth_after_${turns}_mb`, growth / 1e6);
      await end(context, deactivate);
      // What is allocated once, and 3 kB a turn: 5 MB over a thousand.
      assert.ok(growth < 2e6 + 3000 * turns, `${growth} bytes`);
    },
  },
];

function load(): Extension {
  return createRequire(join(folder, "package.json"))("./dist/host/extension.js") as Extension;
}

/** As much of a context as the extension uses. */
function newContext(): vscode.ExtensionContext {
  const kept = new Map<string, unknown>();
  const memento = {
    keys: () => [...kept.keys()],
    get: (key: string, standard?: unknown) => kept.get(key) ?? standard,
    update: (key: string, value: unknown) => {
      kept.set(key, value);
      return Promise.resolve();
    },
    setKeysForSync: () => undefined,
  };
  const context = {
    subscriptions: [],
    extensionUri: vscode.Uri.file(folder),
    extensionPath: folder,
    workspaceState: memento,
    globalState: memento,
  };
  return context as unknown as vscode.ExtensionContext;
}

async function end(
  context: vscode.ExtensionContext,
  deactivate: () => Promise<void>,
): Promise<void> {
  await deactivate();
  for (const subscription of context.subscriptions) subscription.dispose();
}

let number = 0;

/** Each line moves the item: the extension reports at most every 100 ms. */
async function refresh(times: number): Promise<void> {
  for (let time = 0; time < times; time++) {
    number++;
    appendFileSync(telemetry, eventLine({ number }));
    await pause(105);
  }
}

function heap(): number {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}

/** Child processes of the extension that are still there. */
function children(): readonly string[] {
  const all = execFileSync("ps", ["-o", "args=", "--ppid", String(process.pid)], {
    encoding: "utf8",
  });
  return all.split("\n").filter((line) => line.includes(join(folder, "dist")));
}

function millisecondsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
