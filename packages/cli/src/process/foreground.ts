import type { ChildProcess } from "node:child_process";
import { constants } from "node:os";
import { KnownError } from "@cctelemetry/core/light";
import spawn from "cross-spawn";

/** What this process was started with, before it changed anything for itself. */
export interface Inherited {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Mask of the permissions of new files. */
  readonly umask: number;
}

/** How a program ended. */
export type ProgramEnd =
  | { readonly kind: "exited"; readonly code: number }
  | { readonly kind: "killed"; readonly signal: NodeJS.Signals };

/** Signals that end a program, or ask it something, and are meant for the one we wait for. */
const forwarded: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"];

/** Those that a terminal sends to the program itself, and once is enough: twice may mean more. */
const fromTerminal = new Set<NodeJS.Signals>(["SIGINT", "SIGQUIT"]);

/**
 * Runs a program on our own terminal, input and output, with what we inherited and `added` in its
 * environment, and hands it the signals we get. Throws a known error where it cannot be started.
 */
export async function runInForeground(
  command: readonly string[],
  added: Readonly<Record<string, string>>,
  inherited: Inherited,
): Promise<ProgramEnd> {
  const [program = "", ...args] = command;
  const mask = process.umask(inherited.umask);
  const start = (): ChildProcess => {
    try {
      return spawn(program, args, { stdio: "inherit", env: { ...inherited.env, ...added } });
    } finally {
      process.umask(mask);
    }
  };
  const child = start();
  const release = forwardSignals(child);
  try {
    return await new Promise<ProgramEnd>((done, failed) => {
      child.on("error", (error: NodeJS.ErrnoException) => failed(notStarted(program, error)));
      child.on("exit", (code, signal) => {
        done(signal === null ? { kind: "exited", code: code ?? 1 } : { kind: "killed", signal });
      });
    });
  } finally {
    release();
  }
}

/**
 * The exit code of the same end. If a signal ended the program, this process ends by it too,
 * so that a shell knows; the code is for where that cannot be done.
 */
export function endLike(end: ProgramEnd): number {
  if (end.kind === "exited") return end.code;
  if (process.platform !== "win32") process.kill(process.pid, end.signal);
  return 128 + (constants.signals[end.signal] ?? 0);
}

function forwardSignals(child: ChildProcess): () => void {
  const removers = forwarded
    .filter((signal) => process.platform !== "win32" || signal !== "SIGQUIT")
    .map((signal) => {
      const handler = () => {
        const isThere = process.stdin.isTTY === true && fromTerminal.has(signal);
        if (!isThere && process.platform !== "win32") child.kill(signal);
      };
      process.on(signal, handler);
      return () => process.off(signal, handler);
    });
  return () => {
    for (const remove of removers) remove();
  };
}

function notStarted(program: string, error: NodeJS.ErrnoException): KnownError {
  const reason: Readonly<Record<string, string>> = {
    ENOENT: "there is no such program",
    EACCES: "it is not a program that may be run",
    E2BIG: "its arguments are too long",
  };
  return new KnownError(
    "not-started",
    `${program} was not started: ${reason[error.code ?? ""] ?? error.message}.`,
    { cause: error, hint: "Check its name and PATH; what comes after -- is the whole command." },
  );
}
