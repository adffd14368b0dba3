import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { delimiter, join } from "node:path";
import { describe, test } from "vitest";
import { start } from "../../support/running.ts";

/** Programs by what they are, and the names that distributions give them. */
const names = {
  prometheus: ["prometheus"],
  promtool: ["promtool"],
  alertmanager: ["prometheus-alertmanager", "alertmanager"],
  amtool: ["amtool"],
} as const;

type Program = keyof typeof names;

const missing = Object.values(names)
  .filter((some) => some.every((name) => onPath(name) === undefined))
  .map(([name]) => name);

/** Tests that need Prometheus and Alertmanager; without them they are left out, and fail where CI is true. */
export function withPrometheus(name: string, tests: () => void): void {
  if (missing.length === 0) {
    describe(name, tests);
  } else if (process.env["CI"] === "true") {
    test(`${name} needs ${missing.join(", ")}`, () => {
      throw new Error("scripts/prometheus.sh installs them on Debian, as root");
    });
  } else {
    describe.skip(`${name} (left out: no ${missing.join(", ")} here)`, tests);
  }
}

/** Where a program is. */
export function pathOf(program: Program): string {
  const found = names[program].map(onPath).find((path) => path !== undefined);
  if (found === undefined) throw new Error(`no ${program}`);
  return found;
}

/** A running server of this machine, ended with the test. */
export interface Served {
  /** `http://127.0.0.1:9090` */
  readonly url: string;
}

/** Starts Prometheus with a configuration, and waits until it answers. */
export async function startPrometheus(config: string, folder: string): Promise<Served> {
  const port = await freePort();
  return ready(port, [
    ...[pathOf("prometheus"), `--config.file=${config}`],
    ...[`--storage.tsdb.path=${join(folder, "tsdb")}`, `--web.listen-address=127.0.0.1:${port}`],
  ]);
}

/** Starts Alertmanager with a configuration, and waits until it answers. */
export async function startAlertmanager(config: string, folder: string): Promise<Served> {
  const port = await freePort();
  return ready(port, [
    ...[pathOf("alertmanager"), `--config.file=${config}`],
    ...[`--storage.path=${join(folder, "alerts")}`, `--web.listen-address=127.0.0.1:${port}`],
    "--cluster.listen-address=",
  ]);
}

async function ready(port: number, command: readonly string[]): Promise<Served> {
  const url = `http://127.0.0.1:${port}`;
  const running = start(command);
  const deadline = performance.now() + 60_000;
  while (performance.now() < deadline) {
    const answer = await fetch(`${url}/-/ready`).catch(() => undefined);
    if (answer?.status === 200) return { url };
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`${command.join(" ")} is not ready:\n${running.stderr()}`);
}

/** A port that nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

function onPath(name: string): string | undefined {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}
