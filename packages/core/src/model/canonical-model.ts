/** Longer texts are no names of models. */
const LONGEST = 400;

const VERSION = "([0-9]{1,2})(?:[-.]([0-9]{1,2}))?(?![0-9a-z])";
/** claude-opus-4-8, claude-sonnet-4.5 */
const FAMILY_FIRST = new RegExp(`^claude-([a-z]{3,})-${VERSION}`);
/** claude-3-5-haiku, claude-4.5-sonnet; only these families, since what follows may be anything else. */
const VERSION_FIRST = new RegExp(`^claude-${VERSION}-(opus|sonnet|haiku|fable|mythos)(?![a-z0-9])`);

/**
 * What may follow the model in a name and does not change which model it is: date, revision, place,
 * size of context, alias, and the variants of gateways.
 */
const DECORATIONS = new RegExp(
  `^(?:${[
    "-20[0-9]{6}",
    "-v[0-9]{1,2}(?::[0-9]{1,2})?",
    "@[a-z0-9][a-z0-9-]*",
    "\\[[0-9]+[km]\\]",
    "[-:][0-9]+[km]",
    "-(?:latest|fast|thinking|thought)",
    ":(?:beta|batch|exacto|extended|fast|flex|floor|free|latest|nitro|online|priority|self-moderated|thinking)",
  ].join("|")})*$`,
);

/** What a provider or gateway puts before the model ends so. */
const PREFIX = /(?:[/.,:]|(?:^|[/.,:])(?:anthropic--?|databricks-))$/;
/** Of the resources of Bedrock only these name the model that answers. */
const ARN_OF_MODEL = /:(?:inference-profile|foundation-model)\/(?:[a-z0-9-]+\.)*$/;

/**
 * The name of a Claude model under which all its names are one: without provider, region, date,
 * revision and size of context. `us.anthropic.claude-sonnet-4-5-20250929-v1:0`,
 * `claude-sonnet-4.5[1m]` and `claude-4.5-sonnet` are `claude-sonnet-4-5`. Any other name, such as
 * `glm-4.6` or a profile of Bedrock that hides its model, is given back as it is.
 */
export function canonicalModel(name: string): string {
  if (name.length > LONGEST) return name;
  const lower = name.trim().toLowerCase();
  const start = lower.lastIndexOf("claude-");
  if (start < 0 || !isPrefix(lower.slice(0, start))) return name;
  return withoutDecorations(lower.slice(start)) ?? name;
}

function isPrefix(text: string): boolean {
  if (text.includes("arn:")) return ARN_OF_MODEL.test(text);
  return text === "" || PREFIX.test(text);
}

function withoutDecorations(text: string): string | undefined {
  const familyFirst = FAMILY_FIRST.exec(text);
  if (familyFirst !== null) {
    const [whole, family = "", major = "", minor] = familyFirst;
    return DECORATIONS.test(text.slice(whole.length)) ? named(family, major, minor) : undefined;
  }
  const versionFirst = VERSION_FIRST.exec(text);
  if (versionFirst === null) return undefined;
  const [whole, major = "", minor, family = ""] = versionFirst;
  return DECORATIONS.test(text.slice(whole.length)) ? named(family, major, minor) : undefined;
}

/** As the price list has it: the version stands last from 4 on. A minor version of 0 is an alias. */
function named(family: string, major: string, minor: string | undefined): string {
  const numbers = [Number(major), Number(minor ?? 0)].filter(
    (number, at) => at === 0 || number > 0,
  );
  const version = numbers.join("-");
  return Number(major) < 4 ? `claude-${version}-${family}` : `claude-${family}-${version}`;
}
