import type { Schedule } from "../support/scene.ts";
import { outsideSchedules } from "./outside.ts";
import { plainSchedules } from "./plain.ts";
import { rotationSchedules } from "./rotation.ts";

/** The whole table, by letter. */
export const schedules: readonly Schedule[] = [
  ...plainSchedules,
  ...rotationSchedules,
  ...outsideSchedules,
].sort((one, other) => one.letter.localeCompare(other.letter));
