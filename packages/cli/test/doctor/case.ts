import type { DoctorFacts } from "../../src/doctor/facts.ts";
import type { Level } from "../../src/doctor/finding.ts";

/** What is wrong, how the facts differ then, the check and level that report it, words of the finding and of its fix. */
export type Case = readonly [
  wrong: string,
  changes: Partial<DoctorFacts>,
  check: string,
  level: Level,
  words: RegExp,
  fix?: RegExp,
];
