/** Days begin at a quarter of an hour of UTC in every zone, milliseconds. */
const QUARTER_MS = 15 * 60_000;
/** A clock may jump, and a machine may sleep: the day is looked at this often, milliseconds. */
const LOOK_EVERY_MS = 60_000;

/**
 * Calls back whenever a new day has begun; gives how to stop that. `day` names the day of a time,
 * `now` says what time it is, both in milliseconds since 1970.
 */
export function onNewDay(
  day: (millis: number) => string,
  now: () => number,
  begun: () => void,
): () => void {
  const start = now();
  let known = day(start);
  let timer: NodeJS.Timeout | undefined;
  const waitFrom = (millis: number): void => {
    const toQuarter = QUARTER_MS - (millis % QUARTER_MS);
    timer = setTimeout(look, Math.min(toQuarter, LOOK_EVERY_MS)).unref();
  };
  // A timer may fire a moment before midnight. The wait begins at the time the day was looked up
  // for, so midnight cannot pass unseen between the two.
  const look = (): void => {
    const millis = now();
    const today = day(millis);
    if (today !== known) begun();
    known = today;
    waitFrom(millis);
  };
  waitFrom(start);
  return () => clearTimeout(timer);
}
