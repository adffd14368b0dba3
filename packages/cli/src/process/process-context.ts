import type { ChildProcessWithoutNullStreams } from "node:child_process";
import type { CommandContext } from "./context.ts";
import { startChild } from "./early-child.ts";
import type { Inherited } from "./foreground.ts";
import { homeFolder, placesHere } from "./home.ts";
import { refuseHomeless } from "./home-paths.ts";
import { inputText } from "./input-text.ts";
import { onInterrupt, onStop } from "./signals.ts";
import { processTerminal } from "./terminal.ts";
import { endUnwritten, textOutput } from "./text-output.ts";

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
