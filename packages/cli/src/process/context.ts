import type { ChildProcessWithoutNullStreams } from "node:child_process";
import type { Places } from "@cctelemetry/core/light";
import type { InterruptCode } from "./failure.ts";
import type { Inherited } from "./foreground.ts";
import type { Terminal } from "./terminal.ts";

/** A stream that text is written to. */
export interface TextOutput {
  readonly isTTY: boolean;
  /** Columns of the terminal; undefined if it is none. */
  readonly columns: number | undefined;
  /** Resolves when the text was written; a closed pipe accepts everything. */
  write(text: string | Uint8Array): Promise<void>;
}

/** Standard output, for results, and standard error, for everything else. */
export interface Outputs {
  readonly stdout: TextOutput;
  readonly stderr: TextOutput;
}

/** Standard input. */
export interface Input {
  /** True if a person would have to type the standard input. */
  readonly inputIsTerminal: boolean;
  /** The whole standard input as text. */
  readonly readInput: () => Promise<string>;
}

/** What a picture is drawn on. */
export interface Screen {
  /** The terminal that standard output is shown on; undefined if it is none. */
  readonly terminal: Terminal | undefined;
}

/** Environment variables by name. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** The environment of this process. */
export interface Environment {
  readonly env: Variables;
}

/** The user. */
export interface Home {
  /** The user's home directory; empty if the system knows none. */
  readonly home: string;
}

/** The default places of files. */
export interface DefaultPlaces {
  /** Throws a KnownError if they depend on a home directory and there is none. */
  readonly places: Places;
}

/** The time. */
export interface Clock {
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Signals to this process. */
export interface Signals {
  /** Runs before the process ends by a signal. Returns how to unregister it. */
  readonly onInterrupt: (undo: () => void) => () => void;
  /**
   * Called with a signal's exit code instead of ending the process; a second signal ends it at once.
   * Returns how to unregister it.
   */
  readonly onStop: (stop: (exitCode: InterruptCode) => void) => () => void;
}

/** Other processes that this one starts. */
export interface Processes {
  /** What a program that runs in our place gets. */
  readonly inherited: Inherited;
  /** A process for one query. */
  readonly queryChild: () => ChildProcessWithoutNullStreams;
  /** Ends a process that was started early and not needed. */
  readonly endQueryChild: () => void;
  /**
   * Runs a program in our place, on our terminal, input and output; `added` is set in its
   * environment, too. Gives its exit code, or ends as it ended; `after` is done before.
   */
  readonly runProgram: (
    command: readonly string[],
    added: Readonly<Record<string, string>>,
    after?: () => Promise<void>,
  ) => Promise<number>;
}

/**
 * Everything outside that a command works with. Each function takes the part it needs, so that its
 * signature says what it can touch, and a test passes no more than that.
 */
export interface CommandContext
  extends Outputs,
    Input,
    Screen,
    Environment,
    Home,
    DefaultPlaces,
    Clock,
    Signals,
    Processes {}
