import { escapeUnsafe, escapeUnsafeLines, KnownError, messageOf } from "@cctelemetry/core/light";
import { environmental } from "./environmental.ts";

/** How the program ends. */
export const exitCodes = { done: 0, known: 1, usage: 2, bug: 3 } as const;

/** One of those, an interrupt's, or that of a program that ran in our place. */
export type ExitCode = number;

/** 128 and the signal's number, as shells have it: SIGHUP, SIGINT, SIGTERM. */
export type InterruptCode = 129 | 130 | 143;

/** A signal asked for the end, and everything was put in order. */
export class Interrupted extends Error {
  readonly exitCode: InterruptCode;

  constructor(exitCode: InterruptCode) {
    super("interrupted");
    this.exitCode = exitCode;
  }
}

/** A program that ran in our place has ended; its exit code is ours. */
export class ProgramEnded extends Error {
  readonly exitCode: number;

  constructor(exitCode: number) {
    super("ended");
    this.exitCode = exitCode;
  }
}

/** The exit code an error stands for. */
export function exitCodeOf(thrown: unknown): ExitCode {
  const error = environmental(thrown);
  if (isCommanderError(error)) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  if (error instanceof Interrupted || error instanceof ProgramEnded) return error.exitCode;
  if (!(error instanceof KnownError)) return exitCodes.bug;
  return error.code === "bad-argument" ? exitCodes.usage : exitCodes.known;
}

/** What is said of an error on standard error: a sentence and a hint; the stack only of bugs and when asked for. */
export function failureText(thrown: unknown, debug: boolean): string {
  const error = environmental(thrown);
  if (isCommanderError(error) || error instanceof Interrupted) return "";
  if (error instanceof ProgramEnded) return "";
  const stack = debug ? `${escapeUnsafeLines(stackOf(error))}\n` : "";
  if (error instanceof KnownError) {
    // Errors of SQL show the line and the place; any other message is one line.
    const show = error.code === "query-failed" ? escapeUnsafeLines : escapeUnsafe;
    const hint = error.hint === undefined ? "" : `hint: ${escapeUnsafe(error.hint)}\n`;
    return `cctelemetry: ${show(error.message)}\n${hint}${stack}`;
  }
  const message = messageOf(error);
  const next = debug
    ? "hint: Please report it with the lines below and what you did.\n"
    : "hint: Run the command again with --debug and report what it prints.\n";
  return `cctelemetry: this is a bug: ${escapeUnsafe(message)}\n${next}${stack}`;
}

/** Help and version are no failures; what is wrong with a command line is said elsewhere. */
function isCommanderError(error: unknown): error is { readonly exitCode: number } {
  return error instanceof Error && error.name === "CommanderError";
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? "" : `\ncaused by: ${stackOf(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}
