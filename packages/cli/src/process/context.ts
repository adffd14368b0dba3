import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { writeSync } from "node:fs";
import { KnownError, type Places } from "@cctelemetry/core/light";
import { startChild } from "./early-child.ts";
import { exitCodes, failureText, type InterruptCode } from "./failure.ts";
import type { Inherited } from "./foreground.ts";
import { homeFolder, placesHere } from "./home.ts";
import { refuseHomeless } from "./home-paths.ts";
import { inputText } from "./input-text.ts";
import { reasonOf } from "./system-reason.ts";
import { processTerminal, type Terminal } from "./terminal.ts";

/** A stream that text is written to. */
export interface TextOutput {
  readonly isTTY: boolean;
  /** Columns of the terminal; undefined where it is none. */
  readonly columns: number | undefined;
  /** Resolves when the text was taken; a closed pipe takes everything. */
  write(text: string | Uint8Array): Promise<void>;
}

/** Everything a command takes from outside, so that a test can pass its own. */
export interface CommandContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What a program that runs in our place gets. */
  readonly inherited: Inherited;
  /** The user's home directory; empty where the system knows none. */
  readonly home: string;
  /** KnownError where they depend on a home directory and there is none. */
  readonly places: Places;
  readonly stdout: TextOutput;
  readonly stderr: TextOutput;
  /** True where a person would have to type the standard input. */
  readonly inputIsTerminal: boolean;
  /** The whole standard input as text. */
  readonly readInput: () => Promise<string>;
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
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Runs before the process ends by a signal; gives back how to call it off. */
  readonly onInterrupt: (undo: () => void) => () => void;
  /**
   * Asks for an end by a signal's exit code, instead of ending; a second signal ends at once. Gives
   * back how to call it off.
   */
  readonly onStop: (stop: (exitCode: InterruptCode) => void) => () => void;
  /** The terminal that standard output is shown on; undefined where it is none. */
  readonly terminal: Terminal | undefined;
}

/** The context of this process. `early` is a query's process that was started already. */
export function processContext(
  cacheFolder: string | undefined,
  early: ChildProcessWithoutNullStreams | undefined,
  inherited: Inherited,
): CommandContext {
  const home = homeFolder();
  let ready = early;
  let running: ChildProcessWithoutNullStreams | undefined;
  // The reader of the output may close it early, as `head` does; that is no error.
  const closedPipe = () => {
    running?.kill("SIGKILL");
    process.exit();
  };
  return {
    env: process.env,
    inherited,
    home,
    get places() {
      return placesHere(home) ?? refuseHomeless(process.env);
    },
    stdout: textOutput(process.stdout, closedPipe, (error) => {
      running?.kill("SIGKILL");
      endUnwritten(error);
    }),
    // Nobody is left to hear of it, and what was asked for is done all the same.
    stderr: textOutput(process.stderr, closedPipe, () => undefined),
    inputIsTerminal: process.stdin.isTTY === true,
    readInput: async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
      return inputText(Buffer.concat(chunks));
    },
    queryChild: () => {
      running = ready ?? startChild(process.env, cacheFolder);
      ready = undefined;
      return running;
    },
    endQueryChild: () => void ready?.kill("SIGKILL"),
    runProgram: async (command, added, after) => {
      const { endLike, runInForeground } = await import("./foreground.ts");
      const end = await runInForeground(command, added, inherited).finally(after);
      return endLike(end);
    },
    now: Date.now,
    onInterrupt,
    onStop,
    terminal: process.stdout.isTTY === true ? processTerminal() : undefined,
  };
}

function textOutput(
  stream: NodeJS.WriteStream,
  closedPipe: () => void,
  failed: (error: Error) => void,
): TextOutput {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") closedPipe();
    else failed(error);
  });
  return {
    isTTY: stream.isTTY === true,
    // A terminal that does not know its width says 0.
    columns: stream.isTTY === true ? stream.columns || 80 : undefined,
    write: (text) =>
      new Promise((done) => {
        // Called for what failed as well.
        if (text.length === 0) done();
        else stream.write(text, () => done());
      }),
  };
}

/** Ends the process where standard output takes no more, for whatever it was. */
function endUnwritten(error: Error): never {
  const failure = new KnownError(
    "output-failed",
    `Standard output cannot be written: ${reasonOf(error)}.`,
    {
      hint: "Free space on the disk it is written to, or write to a file with --output.",
      cause: error,
    },
  );
  try {
    writeSync(2, failureText(failure, false));
  } catch {
    // Standard error may lead to the same full disk.
  }
  process.exit(exitCodes.known);
}

const SIGNAL_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const satisfies Record<
  string,
  InterruptCode
>;

function onInterrupt(undo: () => void): () => void {
  const handlers = Object.entries(SIGNAL_CODES).map(([signal, code]) => {
    const handler = () => {
      undo();
      process.exit(code);
    };
    process.once(signal, handler);
    return () => process.off(signal, handler);
  });
  return () => {
    for (const remove of handlers) remove();
  };
}

function onStop(stop: (exitCode: InterruptCode) => void): () => void {
  let asked = false;
  const handlers = Object.entries(SIGNAL_CODES).map(([signal, code]) => {
    const handler = () => {
      if (asked) process.exit(code);
      asked = true;
      stop(code);
    };
    process.on(signal, handler);
    return () => process.off(signal, handler);
  });
  return () => {
    for (const remove of handlers) remove();
  };
}
