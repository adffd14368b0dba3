import { constants } from "node:fs";
import { type FileHandle, mkdir, open } from "node:fs/promises";
import { dirname, join } from "node:path";
import { KnownError, messageOf, type Places } from "@cctelemetry/core/light";
import { version } from "../../package.json";
import { endOfFile } from "./file-end.ts";
import { type Mark, marksLine } from "./mark.ts";

/** How much of the file's end is looked at for what is still open, bytes. */
const LOOK_BACK = 1024 * 1024;

/** Where marks are kept: among the files that import and watch read by themselves. */
function marksPath({ telemetryFolder }: Places): string {
  return join(telemetryFolder, "stages.jsonl");
}

/**
 * Appends marks of one moment in one write, so that processes side by side do not mix theirs. A line
 * that a crash cut short is ended first. Throws a known error where it cannot be written.
 */
export async function appendMarks(
  places: Places,
  marks: readonly Mark[],
  now: number,
): Promise<void> {
  const path = marksPath(places);
  const line = marksLine(marks, now, version);
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    // Windows knows no O_NOFOLLOW.
    const flags = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT;
    const file = await open(path, flags | (constants.O_NOFOLLOW ?? 0), 0o600);
    try {
      await writeWhole(file, (await endsMidLine(file)) ? `\n${line}` : line, path);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw error instanceof KnownError ? error : unwritten(path, error);
  }
}

/** The end of the file, for a look at what was marked lately; empty if there is none. */
export function lateMarks(places: Places): Promise<string> {
  return endOfFile(marksPath(places), LOOK_BACK);
}

async function writeWhole(file: FileHandle, text: string, path: string): Promise<void> {
  const bytes = Buffer.from(text);
  const { bytesWritten } = await file.write(bytes);
  if (bytesWritten !== bytes.length) throw unwritten(path, new Error("the disk is full"));
}

async function endsMidLine(file: FileHandle): Promise<boolean> {
  const { size } = await file.stat();
  if (size === 0) return false;
  const { buffer } = await file.read({ buffer: Buffer.alloc(1), position: size - 1 });
  return buffer[0] !== 0x0a;
}

function unwritten(path: string, error: unknown): KnownError {
  const reason = messageOf(error);
  return new KnownError("output-failed", `The mark was not written to ${path}: ${reason}.`, {
    hint: "CCTELEMETRY_HOME names another folder for it.",
    cause: error,
  });
}
