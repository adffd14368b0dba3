import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** Where the bundle of the query's process lies: beside this one. */
const script = fileURLToPath(new URL("./query-child.mjs", import.meta.url));

/**
 * Starts the process in which a query will run while the command line is still
 * being read: both take about as long. Undefined for other commands and for
 * calls that end before anything is asked.
 */
export function startEarly(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  cacheFolder: string | undefined,
): ChildProcessWithoutNullStreams | undefined {
  const asksOnlyHelp = args.length < 2 || args.some((each) => each === "--help" || each === "-h");
  return args[0] === "query" && !asksOnlyHelp ? startChild(env, cacheFolder) : undefined;
}

/** Starts the process in which a query will run. */
export function startChild(
  env: NodeJS.ProcessEnv,
  cacheFolder: string | undefined,
): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, ["--no-warnings", script], {
    env: { ...(cacheFolder === undefined ? {} : { NODE_COMPILE_CACHE: cacheFolder }), ...env },
    windowsHide: true,
  });
}
