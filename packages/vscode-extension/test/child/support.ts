import { type ChildProcess, fork, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as v from "valibot";
import { type ChildToHost, childToHostSchema, type HostToChild } from "../../src/messages.ts";

/** The child process as it is built. */
export const childScript = fileURLToPath(new URL("../../dist/child/main.mjs", import.meta.url));

/** A scratch folder with an empty telemetry file. */
export interface Scene {
  readonly folder: string;
  readonly file: string;
  readonly database: string;
  remove(): void;
}

export function scene(): Scene {
  const folder = mkdtempSync(join(tmpdir(), "cctelemetry-child-"));
  const file = join(folder, "telemetry.jsonl");
  writeFileSync(file, "");
  return {
    folder,
    file,
    database: join(folder, "store", "telemetry.duckdb"),
    remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
}

/** Keeps a database locked, as a program that opened it does; gives how to let it go. */
export async function holdLock(path: string): Promise<() => void> {
  const script = `
    const { DuckDBInstance } = await import("@duckdb/node-api");
    const instance = await DuckDBInstance.create(${JSON.stringify(path)});
    console.log("held");
    setInterval(() => instance, 1000);`;
  const cwd = fileURLToPath(new URL("../../../..", import.meta.url));
  const holder = spawn(process.execPath, ["--input-type=module", "-e", script], { cwd });
  await new Promise((held) => holder.stdout.once("data", held));
  return () => holder.kill("SIGKILL");
}

/** The first words to a child that follows the file of a scene. */
export function greetingFor(
  { file, database }: Scene,
  changes: Partial<Extract<HostToChild, { kind: "start" }>> = {},
): Extract<HostToChild, { kind: "start" }> {
  return {
    kind: "start",
    paths: [file],
    database,
    timeZone: "UTC",
    pinned: null,
    receiver: null,
    watched: false,
    ...changes,
  };
}

/** A child that is listened to as the host does it. */
export class Listened {
  readonly process: ChildProcess;
  readonly heard: ChildToHost[] = [];
  readonly ended: Promise<string>;
  private readonly waiting: Set<() => void> = new Set();

  constructor(greeting: HostToChild, env: Readonly<Record<string, string>> = {}) {
    const options = { execArgv: ["--no-warnings"], env: { ...process.env, ...env } };
    this.process = fork(childScript, [], options);
    this.process.on("message", (received) => {
      this.heard.push(v.parse(childToHostSchema, received));
      for (const look of this.waiting) look();
    });
    this.ended = new Promise((done) => {
      this.process.on("exit", (code, signal) => done(signal ?? `code ${code}`));
    });
    this.send(greeting);
  }

  send(message: HostToChild): void {
    this.process.send(message);
  }

  /** The first message, from now on or before, that a test is looking for. */
  until<T>(find: (message: ChildToHost) => T | undefined, from = 0): Promise<T> {
    return new Promise((resolve) => {
      const look = (): void => {
        for (const message of this.heard.slice(from)) {
          const found = find(message);
          if (found === undefined) continue;
          this.waiting.delete(look);
          resolve(found);
          return;
        }
      };
      this.waiting.add(look);
      look();
    });
  }

  async end(): Promise<string> {
    if (this.process.connected) this.process.disconnect();
    return await this.ended;
  }
}
