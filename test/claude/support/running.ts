import { spawn } from "node:child_process";

/** What a program left behind. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program that was started, with everything it starts itself. */
export interface Started {
  readonly ended: Promise<Ended>;
  readonly hasEnded: () => boolean;
  /** What it wrote to standard output so far. */
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Sends a signal to the program and to all it has started. */
  readonly signal: (signal: NodeJS.Signals) => void;
}

export interface StartOptions {
  readonly cwd: string;
  /** The whole environment: nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  /** After so long it is killed. */
  readonly timeoutMs: number;
}

/** Starts a program as the head of a group of processes, without any input. */
export function startProgram(
  [file = "", ...args]: readonly string[],
  { cwd, env, timeoutMs }: StartOptions,
): Started {
  const child = spawn(file, args, { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  const text = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (more: string) => {
      text[name] += more;
    });
  }
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const signal = (name: NodeJS.Signals): void => {
    if (child.pid !== undefined && !hasEnded()) process.kill(-child.pid, name);
  };
  const timer = setTimeout(() => signal("SIGKILL"), timeoutMs);
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, by) => {
      clearTimeout(timer);
      resolve({ code, signal: by, ...text });
    });
  });
  return { ended, hasEnded, signal, stdout: () => text.stdout, stderr: () => text.stderr };
}

/** Resolves when the condition holds; throws after `patienceMs` what `state` says then. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  state: () => string,
  patienceMs = 60_000,
): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`In vain: ${state()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
