import { fstatSync, readFileSync, writeSync } from "node:fs";
import type { Places } from "@cctelemetry/core/paths";
import { inputText } from "../input-text.ts";
import { drawStatusLine, type StatuslineWorld } from "./draw.ts";
import { readDrawing } from "./options.ts";

/**
 * Draws the status line where the command line asks for no more than that, and says whether it did.
 * Claude Code waits for it several times a minute, so nothing is loaded that it does not need.
 * Throws a KnownError as the command does.
 */
export async function drawAtOnce(args: readonly string[], places: Places): Promise<boolean> {
  const options = readDrawing(args);
  if (options === undefined || isTyped()) return false;
  await drawStatusLine(options, thisWorld(places));
  return true;
}

/** The world of this process. */
export function thisWorld(places: Places): StatuslineWorld {
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
