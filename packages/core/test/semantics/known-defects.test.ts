import { describe, expect, test } from "vitest";
import { defectsOf, knownDefects } from "../../src/semantics/known-defects.ts";
import { fileOf, request } from "../support/otlp.ts";
import { storeOf } from "../support/telemetry.ts";

/** The version before one whose last number is not 0. */
const before = (version: string): string =>
  version.replace(/\d+$/, (patch) => String(Number(patch) - 1));

const bounded = knownDefects.flatMap((defect) =>
  defect.fixedIn === undefined ? [] : [{ ...defect, fixedIn: defect.fixedIn, defect }],
);

test.each(bounded)("$name: from $since until $fixedIn", ({ defect, since, fixedIn }) => {
  expect(defectsOf(fixedIn)).not.toContain(defect);
  expect(defectsOf(before(fixedIn))).toContain(defect);
  expect(defectsOf(`${before(fixedIn)}-beta.1`)).toContain(defect);
  expect(defectsOf(since)).toContain(defect);
  if (since !== "0.0.0") expect(defectsOf(before(since))).not.toContain(defect);
});

test.each(["2.1.400", "2.2.0", "10.0.0"])("%s has those only that the newest has", (version) => {
  const names = defectsOf(version).map(({ name }) => name);
  expect(names).toEqual(["priced by modelOverrides", "unknown model priced as another"]);
});

test.each(["unknown", ""])("%j is no release", (version) => {
  expect(defectsOf(version)).toEqual([]);
});

test("the view has the same list, a row a model", async () => {
  const { store, remove } = await storeOf();
  const rows = await store.reading((session) =>
    session.rows(
      `SELECT name, since_version AS since, fixed_in_version AS fixed, model,
         epoch_us(requests_since) AS after, condition, concerns, effect
       FROM known_defects`,
    ),
  );
  await remove();
  const wanted = knownDefects.flatMap((defect) =>
    (defect.models ?? [null]).map((model) => ({
      name: defect.name,
      since: defect.since,
      fixed: defect.fixedIn ?? null,
      model,
      after:
        defect.requestsSince === undefined
          ? null
          : BigInt(Date.parse(defect.requestsSince)) * 1000n,
      condition: defect.condition ?? null,
      concerns: defect.concerns,
      effect: `Claude Code ${defect.effect}.`,
    })),
  );
  expect(rows).toEqual(wanted);
});

/** What coverage names for a session of one request. */
async function named(version: string, model: string, day: string): Promise<unknown> {
  const event = request(`${day}T10:00:00.000Z`, { model });
  const { store, remove } = await storeOf(
    await fileOf({ ...event, resource: { "service.version": version } }),
  );
  const [row] = await store.reading((session) =>
    session.rows("SELECT known_defects AS names FROM coverage"),
  );
  await remove();
  return row?.["names"];
}

describe("coverage names the defects of release, model and time:", () => {
  const hour = "hour-long cache writes priced too low";
  const reads = "cache reads of Sonnet 5.5 priced too high";
  test.each([
    ["2.1.170", "claude-opus-4-8", "2026-06-01", [hour]],
    ["2.1.172", "claude-opus-4-8", "2026-06-01", null],
    ["2.1.175", "claude-sonnet-4-6", "2026-06-01", null],
    ["2.1.210", "us.anthropic.claude-sonnet-5-v1:0", "2026-06-01", ["Sonnet 5 priced too high"]],
    ["2.1.252", "claude-sonnet-5", "2026-06-01", null],
    ["2.1.294", "claude-sonnet-5-5", "2026-10-06", null],
    ["2.1.294", "claude-sonnet-5-5[1m]", "2026-10-07", [reads]],
    ["2.1.299", "claude-sonnet-5-5", "2026-10-07", null],
    ["2.1.300", "claude-fable-5-2", "2026-11-01", ["Fable 5.2 priced too low"]],
    ["2.1.329", "claude-fable-5-2", "2026-11-01", null],
    ["2.1.332", "claude-opus-5-5", "2026-11-01", null],
  ])("%s, %s, %s", async (version, model, day, names) => {
    expect(await named(version, model, day)).toEqual(names);
  });

  test("Sonnet 4.5 and 4.6 were priced as Opus, not in 2.1.20 and not in 2.1.72", async () => {
    const name = "Sonnet priced as Opus";
    for (const model of ["claude-sonnet-4-5-20250929", "claude-sonnet-4-6"]) {
      expect(await named("2.1.51", model, "2026-03-01")).toContain(name);
      expect(await named("2.1.20", model, "2026-03-01")).not.toContain(name);
      expect(await named("2.1.72", model, "2026-03-01")).not.toContain(name);
    }
    expect(await named("2.1.51", "claude-opus-4-6", "2026-03-01")).not.toContain(name);
  });
});
