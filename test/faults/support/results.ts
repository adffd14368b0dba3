import { appendFileSync } from "node:fs";
import { missingPrograms } from "./programs.ts";

/** A result on its way to the bench, which prints and adds up; plain JSON. */
export type Result = Readonly<Record<string, unknown>> & { readonly part: string };

/** Reports the outcome to the bench that started the tests; does nothing if no bench did. */
export function noteResult(result: Result): void {
  const path = process.env["FAULTS_RESULTS"];
  if (path !== undefined) appendFileSync(path, `${JSON.stringify(result)}\n`);
}

/** True where programs are missing; says so, and that the test counts as left out, not as passed. */
export function leftOut(what: string, needs: readonly string[]): boolean {
  const missing = missingPrograms(needs);
  if (missing.length === 0) return false;
  process.stderr.write(`left out: ${what}, for there is no ${missing.join(", no ")}\n`);
  noteResult({ part: "left out", what, missing });
  return true;
}
