import { readdirSync, readFileSync } from "node:fs";

const SIGNALS_AT_MOST = 100;

/**
 * Kills every process whose HOME is this folder, and waits until none is left. A program on a
 * terminal of its own leads another process group, so it outlives the group that started it.
 * Where the system has no /proc, nothing is found.
 */
export async function killProcessesOf(home: string): Promise<void> {
  for (let round = 0; round < SIGNALS_AT_MOST; round++) {
    const left = processesOf(home);
    if (left.length === 0) return;
    for (const pid of left) kill(pid);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`Processes do not end: ${processesOf(home).join(", ")}`);
}

function processesOf(home: string): number[] {
  return listOf("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => environmentOf(pid).includes(`HOME=${home}`))
    .map(Number);
}

function listOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** A process that has ended, or is another user's, has none. */
function environmentOf(pid: string): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
  } catch {
    return [];
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended meanwhile.
  }
}
