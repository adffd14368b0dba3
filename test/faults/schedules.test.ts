import { describe, expect, test } from "vitest";
import { schedules } from "./schedules/all.ts";
import { survived } from "./support/ledger.ts";
import { leftOut, noteResult } from "./support/results.ts";
import { play, type ReaderKind } from "./support/scene.ts";

/** `npm run bench -- faults` plays them with the reference as well, which may lose what it will. */
const kind: ReaderKind = process.env["FAULTS_READER"] === "tail" ? "tail" : "ours";

test("there are 24 schedules, each with a letter of its own", () => {
  const letters = schedules.map(({ letter }) => letter).join("");
  expect(letters).toBe("ABCDEFGHIJKLMNOPQRSTUVWX");
});

describe.concurrent(`the reader (${kind}) survives`, () => {
  const played = schedules.filter(({ readers = 1 }) => kind === "ours" || readers === 1);
  for (const schedule of played) {
    const { letter, name, story, needs = [] } = schedule;
    test.skipIf(leftOut(`${letter} ${name}`, [...needs, ...(kind === "tail" ? ["tail"] : [])]))(
      `${letter} ${name}: ${story}`,
      async () => {
        const verdict = await play(schedule, kind);
        noteResult({ part: "R1", reader: kind, letter, name, story, ...verdict });
        if (kind === "ours") expect(verdict.details).toEqual([]);
        if (kind === "ours") expect(survived(verdict)).toBe(true);
      },
    );
  }
});
