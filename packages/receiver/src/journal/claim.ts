import { createHash } from "node:crypto";
import { open, readFile, rm, stat } from "node:fs/promises";
import { isAlive } from "@cctelemetry/core/light";

/** The exclusive right to replace one text of a lock file. */
export interface Claim {
  readonly release: () => Promise<void>;
}

/** Longer than a claim is held, even by a slow machine, milliseconds. */
const HELD_MS = 60_000;
/** Processes that may end while they hold a claim on the same text. */
const MAX_ENDED = 8;

/**
 * Claims the text that an ended holder left in a lock file; undefined if another process has it.
 * If each process removed the old lock and then created its own, a slow one would remove the new lock
 * of another. For the same reason a claim whose process has ended is not removed by those who find it:
 * they try the next number.
 */
export async function claimText(
  path: string,
  text: string,
  pid: number,
): Promise<Claim | undefined> {
  const name = createHash("sha256").update(text).digest("hex").slice(0, 16);
  const paths: string[] = [];
  for (let number = 0; number <= MAX_ENDED; number += 1) {
    const claim = `${path}.${name}.${number}`;
    paths.unshift(claim);
    if (await createClaim(claim, pid)) return { release: () => removeAll(paths) };
    if (!(await isEnded(claim))) return undefined;
  }
  return undefined;
}

async function createClaim(claim: string, pid: number): Promise<boolean> {
  try {
    const handle = await open(claim, "wx", 0o600);
    try {
      await handle.writeFile(String(pid));
    } finally {
      await handle.close();
    }
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

/** Whether a claim is of a process that is no more. One that was just released is not. */
async function isEnded(claim: string): Promise<boolean> {
  try {
    const [text, { mtimeMs }] = await Promise.all([readFile(claim, "utf8"), stat(claim)]);
    if (Math.abs(Date.now() - mtimeMs) > HELD_MS) return true;
    return /^[1-9]\d*$/.test(text) && !isAlive(Number(text));
  } catch {
    return false;
  }
}

/**
 * Removes the process's own claim, which is first, and those of ended processes that it passed over.
 * A process that claims the same text later finds another text in the lock, and gives up.
 */
async function removeAll(paths: readonly string[]): Promise<void> {
  for (const path of paths) await rm(path, { force: true });
}
