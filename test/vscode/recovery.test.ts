import { spawn } from "node:child_process";
import { appendFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { absolute } from "../support/source-tree.ts";
import type { Desk, Setting } from "./support/desk.ts";
import { eventLine } from "./support/lines.ts";
import { childrenOf, hostsOf, residentBytes } from "./support/processes.ts";
import { inEachRelease, newest } from "./support/releases.ts";
import { pause, waitFor } from "./support/waiting.ts";
import type { Window } from "./support/window.ts";

inEachRelease(
  "a failure beside VS Code",
  (desk) => {
    test.each(["SIGKILL", "SIGSEGV"] as const)(
      "the child process is back within five seconds after %s",
      async (signal) => {
        const { setting, window, child, host, others } = await begin(desk());
        process.kill(child, signal);
        const killed = performance.now();
        appendFileSync(setting.telemetry, eventLine({ number: 2 }));
        await window.shows("2k · $0.50", 5000);
        figure(desk(), `${signal}_to_status_ms`, performance.now() - killed);
        const next = without(await childrenOf(desk()), [...others, child]);
        expect(next).toHaveLength(1);
        expect(await hostsOf(desk())).toContain(host);
        await window.close();
      },
    );

    test("the child process is small while nothing happens, and ends with its window", async () => {
      const { window, child, host } = await begin(desk());
      await pause(3000);
      const { own, all } = await residentBytes(child);
      figure(desk(), "child_idle_own_mb", own / 1e6);
      figure(desk(), "child_idle_with_shared_mb", all / 1e6);
      // 38 MB where nothing is wrong; the rest of what is resident are pages of program files.
      expect(own).toBeLessThan(60e6);
      // A window that is gone for good: its extension host is ended by force.
      process.kill(host, "SIGKILL");
      await waitFor("the child's end", async () => !(await childrenOf(desk())).includes(child));
      await window.close();
    });

    test("a database that another program holds is named, and used again once it is free", async () => {
      const { setting, window } = await begin(desk());
      const holder = spawn(process.execPath, ["--input-type=module", "-e", holding(setting)]);
      onTestFinished(() => void holder.kill("SIGKILL"));
      await new Promise((resolve) => holder.stdout.once("data", resolve));
      appendFileSync(setting.telemetry, eventLine({ number: 2 }));
      await window.shows("2k · $0.50", 5000);
      await waitFor("the lock", async () => (await window.icons()).includes("lock"));
      expect(await window.tooltip()).toContain(String(holder.pid));
      holder.kill();
      const freed = performance.now();
      await waitFor("the end of the lock", async () => !(await window.icons()).includes("lock"));
      figure(desk(), "unlocked_to_status_ms", performance.now() - freed);
      appendFileSync(setting.telemetry, eventLine({ number: 3 }));
      await window.shows("3k · $0.75", 5000);
      await window.close();
    });
  },
  { which: newest },
);

/** A window with its own processes: those of windows that were closed before may take a while to end. */
interface Beginning {
  readonly setting: Setting;
  readonly window: Window;
  readonly child: number;
  readonly host: number;
  /** Children of other windows. */
  readonly others: readonly number[];
}

async function begin(desk: Desk): Promise<Beginning> {
  const setting = await desk.prepare({ "cctelemetry.status.text": "{icon} {tokens} · {cost}" });
  appendFileSync(setting.telemetry, eventLine({ number: 1 }));
  const others = await childrenOf(desk);
  const hosts = await hostsOf(desk);
  const window = await desk.open(setting);
  await window.shows("1k · $0.25");
  const [child = 0] = without(await childrenOf(desk), others);
  const [host = 0] = without(await hostsOf(desk), hosts);
  expect([child, host]).not.toContain(0);
  return { setting, window, child, host, others };
}

function without(all: readonly number[], some: readonly number[]): readonly number[] {
  return all.filter((each) => !some.includes(each));
}

/** A program with the database open, as another tool of the user might have it. */
function holding({ database }: Setting): string {
  const engine = pathToFileURL(absolute("node_modules/@duckdb/node-api/lib/index.js")).href;
  return `
    const { DuckDBInstance } = (await import(${JSON.stringify(engine)})).default;
    for (;;) {
      try {
        const instance = await DuckDBInstance.create(${JSON.stringify(database)});
        const connection = await instance.connect();
        console.log("held");
        setInterval(() => connection.closeSync === undefined, 1000);
        break;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    }`;
}

function figure(desk: Desk, name: string, value: number): void {
  process.stdout.write(`FIGURE vscode_${desk.release.vscode}_${name}=${value.toFixed(0)}\n`);
}
