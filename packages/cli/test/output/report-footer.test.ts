import type { ReportFooter } from "@cctelemetry/core";
import { expect, test } from "vitest";
import { footerText } from "../../src/output/report-footer.ts";

const footer: ReportFooter = {
  rows: 1,
  more: false,
  firstTime: null,
  lastTime: null,
  tz: "UTC",
  sessions: 0,
  agreeing: 0,
  withoutMetrics: 0,
  withoutEvents: 0,
  unpriced: null,
  uncountedPoints: null,
  rejectedLines: 0,
  untagged: false,
  tags: [],
};

test.each([
  [null, "1 row · no usage · UTC"],
  [0, "1 row · no usage · UTC"],
  [1, "1 row · no usage · UTC · 1 point of metrics not counted in full, see report coverage"],
  [12, "1 row · no usage · UTC · 12 points of metrics not counted in full, see report coverage"],
])("names %s uncounted points of metrics", (uncountedPoints, text) => {
  expect(footerText({ ...footer, uncountedPoints })).toBe(text);
});
