import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { isAlive } from "@cctelemetry/core/meter";
import { markOf, type RefreshRequest } from "./refresh-request.ts";

/** Where the bundle of the refreshing process lies: beside this one. */
const script = fileURLToPath(new URL("./statusline-refresh.mjs", import.meta.url));
/** A refresh that takes longer is thought to have died, milliseconds. */
const GIVEN_UP_MS = 120_000;
/** Within this time the maker of the mark writes the number of the process, milliseconds. */
const NAMELESS_MS = 2_000;

/**
 * Starts a process that refreshes the numbers and outlives this one, unless one is at it already.
 * False if none could be started, since nothing can be written where it would leave them.
 */
export function startRefresh(meterPath: string, request: RefreshRequest, now: number): boolean {
  const mark = markOf(meterPath);
  try {
    mkdirSync(dirname(mark), { recursive: true, mode: 0o700 });
    if (isLeft(mark, now)) rmSync(mark, { force: true });
    writeFileSync(mark, "", { flag: "wx", mode: 0o600 });
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EEXIST";
  }
  const child = spawn(process.execPath, ["--no-warnings", script, JSON.stringify(request)], {
    detached: true,
    stdio: "ignore",
    windowsHide: true,
  });
  child.on("error", () => rmSync(mark, { force: true }));
  child.unref();
  recordProcess(mark, child.pid);
  return true;
}

function recordProcess(mark: string, process: number | undefined): void {
  try {
    // Only where the mark is still there: the refresh may be done.
    if (process !== undefined) writeFileSync(mark, String(process), { flag: "r+" });
  } catch {
    // Then nobody needs to know.
  }
}

/** Whether a mark is of a process that is no more: Claude Code ends what takes it too long. */
function isLeft(mark: string, now: number): boolean {
  const stats = statSync(mark, { throwIfNoEntry: false });
  if (stats === undefined) return false;
  const age = now - stats.mtimeMs;
  if (age > GIVEN_UP_MS) return true;
  const pid = Number(readFileSync(mark, "utf8"));
  return pid > 0 ? !isAlive(pid) : age > NAMELESS_MS;
}
