import { expect, test } from "vitest";
import { Days } from "../../src/live/days.ts";

const DAY_MS = 86_400_000;
const QUARTER_MICROS = 900_000_000;

/** Minutes from UTC, as a format of a zone says: `GMT+05:45`. */
function offsetMinutes(format: Intl.DateTimeFormat, time: number): number {
  const part = format.formatToParts(time).find(({ type }) => type === "timeZoneName");
  const [, sign, hours, minutes, seconds] =
    /^GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(part?.value ?? "") ?? [];
  const size = Number(hours ?? 0) * 60 + Number(minutes ?? 0) + Number(seconds ?? 0) / 60;
  return sign === "-" ? -size : size;
}

test("every zone is whole quarters of an hour from UTC, in every month from 2020 to 2037", () => {
  const odd: string[] = [];
  for (const timeZone of Intl.supportedValuesOf("timeZone")) {
    const format = new Intl.DateTimeFormat("en", { timeZone, timeZoneName: "longOffset" });
    for (let time = Date.UTC(2020, 0, 1); time < Date.UTC(2038, 0, 1); time += 61 * DAY_MS) {
      const minutes = offsetMinutes(format, time);
      if (minutes % 15 !== 0) odd.push(`${timeZone} ${new Date(time).toISOString()} ${minutes}`);
    }
  }
  expect(odd).toEqual([]);
});

test.each(["Asia/Kathmandu", "Australia/Eucla", "Pacific/Chatham", "America/St_Johns"])(
  "both sides of midnight are different days in %s",
  (timeZone) => {
    const format = new Intl.DateTimeFormat("en-CA", { timeZone });
    const days = new Days((micros) => format.format(micros / 1000));
    const start = Date.UTC(2026, 2, 1) * 1000;
    for (let quarter = 0; quarter < 60 * 96; quarter++) {
      const edge = start + quarter * QUARTER_MICROS;
      for (const time of [edge, edge + QUARTER_MICROS - 1]) {
        expect(days.of(time)).toBe(format.format(time / 1000));
      }
    }
  },
);
