import { setFlagsFromString } from "node:v8";
import { startEarly } from "./early-child.ts";
import type { ExitCode } from "./failure.ts";
import type { Inherited } from "./run/foreground.ts";

/** Runs the program with all its commands; gives its exit code. */
export async function startProgram(
  args: readonly string[],
  cacheFolder: string | undefined,
  inherited: Inherited,
): Promise<ExitCode> {
  // Rows pass through memory once and are garbage: a young generation that grows only makes them
  // cost more of it. Requests are many at once, and garbage when they are answered.
  if (!args.includes("collect")) setFlagsFromString("--semi-space-growth-factor=1");
  const child = startEarly(args, process.env, cacheFolder);
  const { runProgram } = await import("./program.ts");
  const { processWorld } = await import("./world.ts");
  return await runProgram(args, processWorld(cacheFolder, child, inherited));
}
