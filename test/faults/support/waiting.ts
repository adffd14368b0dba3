import { setTimeout as pause } from "node:timers/promises";

export { pause };

const LOOK_MS = 100;

/** Looks again and again whether something is so; false where it is not so in time. */
export async function waitUntil(
  isSo: () => Promise<boolean> | boolean,
  patienceMs: number,
): Promise<boolean> {
  const end = performance.now() + patienceMs;
  while (!(await isSo())) {
    if (performance.now() > end) return false;
    await pause(LOOK_MS);
  }
  return true;
}
