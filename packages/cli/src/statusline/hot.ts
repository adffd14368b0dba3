import { fstatSync, readFileSync, writeSync } from "node:fs";
import { expandHome, type Places } from "@cctelemetry/core/paths";
import { homeFolder } from "../process/home.ts";
import { inputText } from "../process/input-text.ts";
import { drawStatusLine, type StatuslineContext } from "./draw.ts";
import { readDrawing, type StatuslineOptions } from "./options.ts";

/**
 * Draws the status line where the command line asks for no more than that, and says whether it did.
 * Claude Code waits for it several times a minute, so nothing is loaded that it does not need.
 * Throws a KnownError as the command does.
 */
export async function drawAtOnce(args: readonly string[], places: Places): Promise<boolean> {
  const options = withPaths(readDrawing(args));
  if (options === undefined || isTyped()) return false;
  await drawStatusLine(options, ownContext(places));
  return true;
}

/** With `~` expanded, as the whole program does it; undefined if that cannot be done. */
function withPaths(options: StatuslineOptions | undefined): StatuslineOptions | undefined {
  if (options === undefined) return undefined;
  const expanded = (path: string): string =>
    expandHome(path, { platform: process.platform, home: homeFolder() }) ?? "";
  const paths = options.paths.map(expanded);
  const db = options.db === undefined ? undefined : expanded(options.db);
  return paths.includes("") || db === "" ? undefined : { ...options, paths, db };
}

/** The context of this process. */
export function ownContext(places: Places): StatuslineContext {
  return {
    env: process.env,
    places,
    readInput,
    write,
    now: Date.now,
    startRefresh: async (meterPath, request) => {
      const { startRefresh } = await import("./start-refresh.ts");
      return startRefresh(meterPath, request, Date.now());
    },
  };
}

/** Whether a person would have to type the input; also where it comes from no file or pipe. */
function isTyped(): boolean {
  try {
    return fstatSync(0).isCharacterDevice();
  } catch {
    return true;
  }
}

async function readInput(): Promise<string> {
  try {
    return inputText(readFileSync(0));
  } catch {
    // A pipe that nobody has written to yet says so instead of waiting.
    const chunks: Buffer[] = [];
    for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
    return inputText(Buffer.concat(chunks));
  }
}

async function write(text: string): Promise<void> {
  try {
    writeSync(1, text);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EAGAIN") return;
    await new Promise((done) => process.stdout.write(text, done));
  }
}
