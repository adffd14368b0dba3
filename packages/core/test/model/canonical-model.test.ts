import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalModel } from "../../src/model/canonical-model.ts";
import { runs, seed } from "../support/runs.ts";

describe("one model under its many names", () => {
  test.each([
    ["claude-opus-5", "claude-opus-5"],
    ["claude-opus-5-5", "claude-opus-5-5"],
    ["claude-opus-5-fast", "claude-opus-5"],
    ["claude-opus-4.8[1m]", "claude-opus-4-8"],
    ["CLAUDE-Opus-4.8", "claude-opus-4-8"],
    ["claude-opus-4-0", "claude-opus-4"],
    ["claude-sonnet-4-1m", "claude-sonnet-4"],
    ["claude-sonnet-4-20250514", "claude-sonnet-4"],
    ["claude-4.5-sonnet", "claude-sonnet-4-5"],
    ["claude-4-sonnet-20250514", "claude-sonnet-4"],
    ["claude-3-5-haiku-latest", "claude-3-5-haiku"],
    ["claude-3-5-haiku-20241022", "claude-3-5-haiku"],
    ["claude-3-5-sonnet-v2@20241022", "claude-3-5-sonnet"],
    ["claude-haiku-3.5", "claude-3-5-haiku"],
    ["us.anthropic.claude-opus-4-8-20260501-v1:0", "claude-opus-4-8"],
    ["us-gov.anthropic.claude-sonnet-4-5-20250929-v1:0", "claude-sonnet-4-5"],
    ["anthropic.claude-3-haiku-20240307-v1:0:48k", "claude-3-haiku"],
    ["bedrock/us.anthropic.claude-opus-4-20250514-v1:0", "claude-opus-4"],
    ["bedrock/converse/eu.anthropic.claude-sonnet-4-6", "claude-sonnet-4-6"],
    [
      "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-sonnet-4-5-20250929-v1:0",
      "claude-sonnet-4-5",
    ],
    [
      "arn:aws-us-gov:bedrock:us-gov-west-1::foundation-model/anthropic.claude-sonnet-4-5-20250929-v1:0",
      "claude-sonnet-4-5",
    ],
    ["claude-sonnet-4-5@20250929", "claude-sonnet-4-5"],
    ["vertex_ai/claude-opus-4-1@20250805", "claude-opus-4-1"],
    ["publishers/anthropic/models/claude-opus-4-1@default", "claude-opus-4-1"],
    ["openrouter/anthropic/claude-sonnet-4.5", "claude-sonnet-4-5"],
    ["anthropic/claude-3.7-sonnet:thinking", "claude-3-7-sonnet"],
    ["claude-sonnet-4-5-20250929:extended", "claude-sonnet-4-5"],
    ["litellm_proxy/claude-sonnet-4-5", "claude-sonnet-4-5"],
    ["databricks/databricks-claude-3-7-sonnet", "claude-3-7-sonnet"],
    ["anthropic--claude-4.5-sonnet", "claude-sonnet-4-5"],
    ["openrouter,anthropic/claude-sonnet-4", "claude-sonnet-4"],
  ])("%s is %s", (name, canonical) => {
    expect(canonicalModel(name)).toBe(canonical);
  });
});

describe("what is no name of a Claude model stays as it is", () => {
  test.each([
    "",
    "sonnet",
    "opusplan",
    "glm-4.6",
    "deepseek-chat",
    "gpt-5.2-2026-01-01",
    "openrouter/z-ai/glm-4.6",
    "claude",
    "claude-code",
    "claude-instant-v1",
    "anthropic.claude-v2:1",
    "not-claude-sonnet-4-5",
    "claude-sonnet-4-5-lookalike",
    "claude-sonnet-4-5-turbo",
    "claude-sonnet-4-567",
    "arn:aws:bedrock:eu-west-1:123456789012:application-inference-profile/abc123def456",
    "arn:aws:bedrock:eu-west-1:123456789012:application-inference-profile/claude-sonnet-4-5",
    "arn:aws:bedrock:us-east-1:123456789012:custom-model/anthropic.claude-3-haiku-20240307-v1:0/abc",
    "arn:aws:bedrock:us-east-1:123456789012:provisioned-model/claude-sonnet-4-5",
    `${"claude-".repeat(100)}sonnet-4-5`,
  ])("%s", (name) => {
    expect(canonicalModel(name)).toBe(name);
  });
});

/** A model as the price list would name it. */
const models = fc
  .record({
    family: fc.constantFrom("opus", "sonnet", "haiku", "fable", "mythos", "newfamily"),
    major: fc.integer({ min: 4, max: 19 }),
    minor: fc.integer({ min: 0, max: 19 }),
  })
  .map(({ family, major, minor }) => ({
    name: `claude-${family}-${major}${minor > 0 ? `-${minor}` : ""}`,
    // The one way of the two in which gateways write a version.
    dotted: `claude-${family}-${major}${minor > 0 ? `.${minor}` : ""}`,
  }));

const regions = fc.constantFrom("us", "eu", "apac", "global", "jp", "au", "us-gov", "ca");
const dates = fc.option(
  fc
    .record({
      year: fc.integer({ min: 2024, max: 2029 }),
      month: fc.integer({ min: 1, max: 12 }),
      day: fc.integer({ min: 1, max: 28 }),
    })
    .map(
      ({ year, month, day }) =>
        `${year}${String(month).padStart(2, "0")}${String(day).padStart(2, "0")}`,
    ),
  { nil: undefined },
);
const clothes = fc.record({
  provider: fc.integer({ min: 0, max: 12 }),
  region: regions,
  account: fc.integer({ min: 0, max: 999_999_999_999 }).map((id) => String(id).padStart(12, "0")),
  date: dates,
  revision: fc.integer({ min: 1, max: 3 }),
  variant: fc.constantFrom("", ":extended", ":beta", ":thinking", ":free", ":nitro", ":online"),
  context: fc.constantFrom("", "[1m]", "[200k]"),
  ending: fc.constantFrom("", "-latest", "-fast", "-thinking"),
  upper: fc.constantFrom(false, false, true),
});

/** The name that a provider or gateway gives a model. */
function dress(
  model: { readonly name: string; readonly dotted: string },
  worn: {
    readonly provider: number;
    readonly region: string;
    readonly account: string;
    readonly date: string | undefined;
    readonly revision: number;
    readonly variant: string;
    readonly context: string;
    readonly ending: string;
    readonly upper: boolean;
  },
): string {
  const { region, account, revision } = worn;
  const dash = worn.date === undefined ? "" : `-${worn.date}`;
  const at = worn.date === undefined ? "@default" : `@${worn.date}`;
  const bedrock = `anthropic.${model.name}${dash}-v${revision}:0`;
  const arn = `arn:aws:bedrock:${region}-west-1`;
  const forms = [
    `${model.name}${dash}${worn.ending}${worn.context}`,
    bedrock,
    `${region}.${bedrock}`,
    `${arn}:${account}:inference-profile/${region}.${bedrock}`,
    `${arn}::foundation-model/${bedrock}`,
    `bedrock/${region}.${bedrock}${worn.context}`,
    `bedrock/converse/${arn}:${account}:inference-profile/${region}.${bedrock}`,
    `${model.name}${at}`,
    `vertex_ai/${model.name}${at}`,
    `anthropic/${model.dotted}${worn.variant}`,
    `openrouter/anthropic/${model.dotted}${worn.variant}`,
    `litellm_proxy/${model.name}${dash}${worn.context}`,
    `my-company.gateway/${model.dotted}${worn.ending}`,
  ];
  const name = forms[worn.provider] ?? "";
  return worn.upper ? name.toUpperCase() : name;
}

test(`a model comes out of every provider's clothes (FAULT_SEED=${seed})`, () => {
  fc.assert(
    fc.property(models, clothes, (model, worn) => {
      expect(canonicalModel(dress(model, worn))).toBe(model.name);
      expect(canonicalModel(model.name)).toBe(model.name);
    }),
    { numRuns: runs(400), seed },
  );
});

test(`two models are never one, whatever they wear (FAULT_SEED=${seed})`, () => {
  fc.assert(
    fc.property(models, models, clothes, clothes, (one, other, wornByOne, wornByOther) => {
      const same =
        canonicalModel(dress(one, wornByOne)) === canonicalModel(dress(other, wornByOther));
      expect(same).toBe(one.name === other.name);
    }),
    { numRuns: runs(200), seed },
  );
});

test(`a name that was made is not changed again, and no text is refused (FAULT_SEED=${seed})`, () => {
  const pieces = fc.constantFrom(
    "claude-",
    "claude",
    "anthropic",
    "sonnet",
    "-4",
    ".5",
    "-20250929",
    "@",
    ":",
    "/",
    ".",
    "[1m]",
    "-v1:0",
    "arn:",
    "inference-profile/",
    "-fast",
    "\u0000",
    "é",
    " ",
  );
  const texts = fc.array(pieces, { maxLength: 8 }).map((parts) => parts.join(""));
  fc.assert(
    fc.property(texts, fc.string({ unit: "binary", maxLength: 6 }), (text, extra) => {
      for (const name of [text, text + extra, extra]) {
        const once = canonicalModel(name);
        expect(canonicalModel(once)).toBe(once);
      }
    }),
    { numRuns: runs(400), seed },
  );
});
