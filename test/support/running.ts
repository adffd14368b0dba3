import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { onTestFinished } from "vitest";
import { absolute } from "./source-tree.ts";

/** The built program, as a command line. */
export const programCommand: readonly string[] = [
  process.execPath,
  absolute("packages/cli/dist/cctelemetry.mjs"),
];

/** A program that goes on until it is stopped. */
export interface Running {
  /** What it wrote to standard output so far. */
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Resolves when the condition holds; throws with the output after two minutes. */
  readonly until: (condition: () => boolean) => Promise<void>;
  readonly type: (keys: string) => void;
  readonly signal: (signal: NodeJS.Signals) => void;
  /** The exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
}

const PATIENCE_MS = 120_000;

/** Starts a command away from the user's own data; it is ended with the test. */
export function start(
  command: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Running {
  const [file = "", ...args] = command;
  const { NO_COLOR: _none, FORCE_COLOR: _forced, ...inherited } = process.env;
  const child = spawn(file, args, { cwd: tmpdir(), env: { ...inherited, TZ: "UTC", ...env } });
  onTestFinished(() => void child.kill("SIGKILL"));
  const text = gather(child);
  const ended = new Promise<number | NodeJS.Signals | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve(code ?? signal));
  });
  return {
    stdout: () => text.stdout,
    stderr: () => text.stderr,
    until: async (condition) => {
      const deadline = performance.now() + PATIENCE_MS;
      while (!condition()) {
        if (performance.now() > deadline) {
          throw new Error(`In vain, having read\n${text.stdout}\n${text.stderr}`);
        }
        await new Promise((done) => setTimeout(done, 20));
      }
    },
    type: (keys) => child.stdin.write(keys),
    signal: (signal) => child.kill(signal),
    ended,
  };
}

function gather(child: ChildProcessWithoutNullStreams): { stdout: string; stderr: string } {
  const text = { stdout: "", stderr: "" };
  child.stdin.on("error", () => undefined);
  child.stdout.setEncoding("utf8").on("data", (more: string) => {
    text.stdout += more;
  });
  child.stderr.setEncoding("utf8").on("data", (more: string) => {
    text.stderr += more;
  });
  return text;
}
