import { FIRST_TIME } from "../../model/plausible-times.ts";
import type { Instant, Session } from "../../store/session.ts";
import oddTimesSql from "./odd-times.sql";

/** Records whose time cannot be right: no other time of theirs could stand in for it. */
export interface OddTimes {
  /** Made before 2020, as they say: mostly in 1970, which is what a time of 0 means. */
  readonly early: number;
  /** Made later than now, as they say. */
  readonly late: number;
}

/** A clock that is ahead by less is no cause for alarm. */
const TOLERATED_MICROS = 300_000_000n;

/** The last time that a record of now can have; microseconds since 1970. */
export function soonAfter(now: bigint): Instant {
  return { kind: "time", micros: now + TOLERATED_MICROS };
}

/** Counts records of all times that cannot be right; `now` in microseconds since 1970. */
export async function countOddTimes(session: Session, now: bigint): Promise<OddTimes> {
  const first: Instant = { kind: "time", micros: BigInt(FIRST_TIME) };
  const [row = {}] = await session.rows(oddTimesSql, { first, soon: soonAfter(now) });
  return { early: Number(row["early"] ?? 0), late: Number(row["late"] ?? 0) };
}
