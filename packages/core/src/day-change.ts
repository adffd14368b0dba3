/** Days begin at a quarter of an hour of UTC in every zone, milliseconds. */
const QUARTER_MS = 15 * 60_000;
/** A clock may jump, and a machine may sleep: the day is looked at this often, milliseconds. */
const LOOK_EVERY_MS = 60_000;

/**
 * Calls back whenever a new day has begun; gives how to stop that. `day` names the day it is now,
 * `now` is in milliseconds since 1970.
 */
export function onNewDay(day: () => string, now: () => number, begun: () => void): () => void {
  let known = day();
  let timer: NodeJS.Timeout | undefined;
  const wait = (): void => {
    const toQuarter = QUARTER_MS - (now() % QUARTER_MS);
    timer = setTimeout(look, Math.min(toQuarter, LOOK_EVERY_MS)).unref();
  };
  const look = (): void => {
    const today = day();
    if (today !== known) begun();
    known = today;
    wait();
  };
  wait();
  return () => clearTimeout(timer);
}
