import { codeOf } from "./errors.ts";

/** Whether a process with this number exists on this machine, whoever it belongs to. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
}
