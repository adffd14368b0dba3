import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, rmSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { markOf, type RefreshRequest } from "./refresh-request.ts";

/** Where the bundle of the refreshing process lies: beside this one. */
const script = fileURLToPath(new URL("./statusline-refresh.mjs", import.meta.url));
/** A refresh that takes longer is thought to have died, milliseconds. */
const GIVEN_UP_MS = 120_000;

/**
 * Starts a process that refreshes the numbers and outlives this one, unless one is at it already.
 * False where none could be started, since nothing can be written where it would leave them.
 */
export function startRefresh(meterPath: string, request: RefreshRequest, now: number): boolean {
  const mark = markOf(meterPath);
  try {
    mkdirSync(dirname(mark), { recursive: true, mode: 0o700 });
    const age = now - (statSync(mark, { throwIfNoEntry: false })?.mtimeMs ?? now);
    if (age > GIVEN_UP_MS) rmSync(mark, { force: true });
    closeSync(openSync(mark, "wx", 0o600));
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
  return true;
}
