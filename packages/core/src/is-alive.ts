import { codeOf } from "./errors.ts";

/** Whether a process with this number exists on this machine, also one of another user. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
}
