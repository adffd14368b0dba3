import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { defaultPlaces } from "@cctelemetry/core/paths";
import { runProgram } from "../../packages/cli/src/program.ts";
import { startQueryChild } from "../../packages/core/src/store/sandbox-process.ts";
import { type Outcome, prepareDatabase, type RunOptions } from "./cli.ts";
import { absolute } from "./source-tree.ts";

const queryScript = absolute("packages/cli/dist/query-child.mjs");

/**
 * Runs the program's code within the process of the test, which takes a tenth of the time of `run`:
 * for tables of many runs that ask what is printed. What belongs to a process (its start, signals,
 * working directory, masks, pipes) needs `run`, and each command has tests with it, too.
 */
export async function runInside(
  args: readonly string[],
  options: Pick<RunOptions, "env" | "stdin" | "creates"> = {},
): Promise<Outcome> {
  if (options.creates !== true) await prepareDatabase(args);
  const env = {
    ...process.env,
    CCTELEMETRY_HOME: join(tmpdir(), "cctelemetry-test-home"),
    NO_COLOR: "1",
    ...options.env,
  };
  const home = homedir();
  const [stdout, stderr] = [gathered(), gathered()];
  const query = (): ReturnType<typeof startQueryChild> => startQueryChild(queryScript);
  const code = await runProgram(args, {
    env,
    inherited: { env, umask: 0o077 },
    home,
    places: defaultPlaces({ env, platform: process.platform, home }),
    stdout: stdout.output,
    stderr: stderr.output,
    inputIsTerminal: false,
    readInput: () => Promise.resolve(Buffer.from(options.stdin ?? "").toString("utf8")),
    queryChild: query,
    endQueryChild: () => undefined,
    runProgram: () => Promise.reject(new Error("A test of another program needs a process.")),
    now: Date.now,
    onInterrupt: () => () => undefined,
    onStop: () => () => undefined,
    terminal: undefined,
  });
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}

/** An output of the program that keeps what is written. */
function gathered() {
  const chunks: Buffer[] = [];
  return {
    text: (): string => Buffer.concat(chunks).toString("utf8"),
    output: {
      isTTY: false,
      columns: undefined,
      write: (text: string | Uint8Array): Promise<void> => {
        chunks.push(Buffer.from(text));
        return Promise.resolve();
      },
    },
  };
}
