import { describe, expect, test } from "vitest";
import { reports } from "../../src/reports/registry.ts";
import { runReport } from "../../src/reports/run.ts";
import { fileOf, request } from "../support/otlp.ts";
import { storeOf } from "../support/telemetry.ts";

async function footerOf(tags: Readonly<Record<string, string>>, by?: string) {
  const db = await storeOf(await fileOf(request("2026-11-10T09:00:00Z", {}, tags)));
  const { footer } = await db.store.reading((session) =>
    runReport(session, reports.summary, { by, tz: "UTC" }),
  );
  await db.remove();
  return footer;
}

describe("the footer names tags", () => {
  test("of a report that is split, whatever by", async () => {
    const footer = await footerOf({ team: "core", project: "shop" }, "model");
    expect([footer.untagged, footer.tags]).toEqual([false, ["project", "team"]]);
  });

  test("and says that rows are untagged", async () => {
    const footer = await footerOf({ team: "core" }, "tag:nothing");
    expect([footer.untagged, footer.tags]).toEqual([true, ["team"]]);
  });

  test("but not of one that is not", async () => {
    expect((await footerOf({ team: "core" })).tags).toEqual([]);
  });

  test("and only those that it can be split by", async () => {
    const names = ["NAME", "ends\n", "<b>", "a'b"];
    const { tags } = await footerOf(Object.fromEntries(names.map((name) => [name, "x"])), "model");
    expect(tags).toEqual(["<b>", "a'b"]);
    for (const tag of tags) {
      const tagged = await footerOf({ [tag]: "x" }, `tag:${tag}`);
      expect(tagged.untagged).toBe(false);
    }
  });
});
