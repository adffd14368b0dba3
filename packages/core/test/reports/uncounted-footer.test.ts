import { expect, test } from "vitest";
import { reports } from "../../src/reports/registry.ts";
import { runReport } from "../../src/reports/run.ts";
import { fileOf, type Point } from "../support/otlp.ts";
import { storeOf } from "../support/telemetry.ts";

const at = (minute: number): string => `2026-11-21T10:0${minute}:00.000Z`;

/** Points that share their start and do not say whether they are sums or increments. */
const unclear = [100, 200, 50].map(
  (value, index): Point => ({
    at: at(index + 1),
    from: at(0),
    metric: "token.usage",
    temporality: "unspecified",
    value,
    attributes: { "session.id": "s1", type: "input", model: "claude-opus-5-5" },
  }),
);

test("the footer of the summary counts points of metrics that do not count in full", async () => {
  const db = await storeOf(await fileOf(...unclear));
  const points = async (given: object, name: "summary" | "models" = "summary") => {
    const { footer } = await db.store.reading((session) =>
      runReport(session, reports[name], { tz: "UTC", ...given }),
    );
    return footer.uncountedPoints;
  };
  expect(await points({})).toBe(3);
  expect(await points({ since: "2026-11-22" })).toBe(0);
  expect(await points({ until: "2026-11-20" })).toBe(0);
  expect(await points({}, "models")).toBeNull();
  await db.remove();
});
