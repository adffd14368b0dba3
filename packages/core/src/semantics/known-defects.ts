/** A known defect in what certain releases of Claude Code say of themselves. */
export interface KnownDefect {
  readonly name: string;
  /** The first release that has it; 0.0.0 where none before is known to be without. */
  readonly since: string;
  /** The first release known to be without it; undefined where the newest has it still. */
  readonly fixedIn: string | undefined;
  /** The models it concerns, by their one name; undefined for all. */
  readonly models?: readonly string[];
  /** Requests before that time are not concerned: an instant as text. */
  readonly requestsSince?: string;
  /** What else must be the case, which telemetry does not show; undefined where nothing must. */
  readonly condition?: string;
  /** Whether it makes numbers of usage or who asked wrong; the others concern anything else that is sent. */
  readonly concerns: "usage" | "other";
  /** What it does, as a sentence about the release without its subject: "Claude Code 2.0.76 …". */
  readonly effect: string;
}

/**
 * All of them, the heaviest first. Bounds are those of releases that were run or reported; a change
 * may lie a little earlier.
 */
export const knownDefects: readonly KnownDefect[] = [
  {
    name: "retries without usage",
    since: "0.0.0",
    fixedIn: "2.1.20",
    concerns: "usage",
    effect:
      "reports requests it had to repeat with no cost, and mostly no tokens: totals are too low",
  },
  {
    name: "priced by modelOverrides",
    since: "0.0.0",
    fixedIn: undefined,
    condition: "modelOverrides in the settings name another model",
    concerns: "usage",
    effect: "prices a request by the name that is overridden: up to three times too high",
  },
  {
    name: "settings file without effect",
    since: "0.0.0",
    fixedIn: "2.0.64",
    condition: "telemetry is set in settings.json only",
    concerns: "usage",
    effect: "exports nothing",
  },
  {
    name: "settings file without effect",
    since: "2.0.65",
    fixedIn: "2.0.76",
    condition: "telemetry is set in settings.json only",
    concerns: "usage",
    effect: "exports nothing",
  },
  {
    name: "Sonnet priced as Opus",
    since: "2.1.21",
    fixedIn: "2.1.72",
    models: ["claude-sonnet-4-5", "claude-sonnet-4-6"],
    concerns: "usage",
    effect: "prices Sonnet 4.5 and 4.6 at 1.67 times their list price",
  },
  {
    name: "Sonnet 5 priced too high",
    since: "0.0.0",
    fixedIn: "2.1.252",
    models: ["claude-sonnet-5"],
    concerns: "usage",
    effect: "prices Sonnet 5 at 1.5 times its list price, or more",
  },
  {
    name: "cache reads of Sonnet 5.5 priced too high",
    since: "0.0.0",
    fixedIn: "2.1.299",
    models: ["claude-sonnet-5-5"],
    requestsSince: "2026-10-07T00:00:00Z",
    concerns: "usage",
    effect: "prices cache reads of Sonnet 5.5 at twice the list price of 2026-10-07 and later",
  },
  {
    name: "Fable 5.2 priced too low",
    since: "0.0.0",
    fixedIn: "2.1.329",
    models: ["claude-fable-5-2"],
    concerns: "usage",
    effect: "prices Fable 5.2 at half its list price",
  },
  {
    name: "unknown model priced as another",
    since: "0.0.0",
    fixedIn: undefined,
    condition: "the model is younger than the release, or not Anthropic's",
    concerns: "usage",
    effect: "prices a model it does not know as one it knows: 0.3 to 50 times the list price",
  },
  {
    name: "hour-long cache writes priced too low",
    since: "0.0.0",
    fixedIn: "2.1.172",
    concerns: "usage",
    effect: "prices tokens written to the cache for an hour as those for five minutes",
  },
  {
    name: "interrupted without its last telemetry",
    since: "0.0.0",
    fixedIn: "2.1.112",
    concerns: "usage",
    effect: "loses what it has not sent yet when it is interrupted",
  },
  {
    name: "background requests at exit",
    since: "0.0.0",
    fixedIn: "2.1.20",
    concerns: "usage",
    effect: "leaves out small requests that are under way when it ends",
  },
  {
    name: "continued under another session",
    since: "0.0.0",
    fixedIn: "2.1.20",
    concerns: "usage",
    effect: "gives requests in the background of --continue a session of their own",
  },
  {
    name: "subagents not marked",
    since: "0.0.0",
    fixedIn: "2.1.122",
    concerns: "usage",
    effect: "does not separate requests of subagents from others",
  },
  {
    name: "source left empty",
    since: "2.1.128",
    fixedIn: "2.1.144",
    condition: "it is as reported; no release of that range was run",
    concerns: "usage",
    effect: "leaves query_source empty on many requests",
  },
  {
    name: "answers in parts counted twice",
    since: "0.0.0",
    fixedIn: "2.1.214",
    condition: "a proxy sends usage in several parts",
    concerns: "usage",
    effect: "counts usage twice that comes in several parts",
  },
  {
    name: "first events dropped",
    since: "0.0.0",
    fixedIn: "2.1.161",
    concerns: "other",
    effect: "drops events of its first moments",
  },
  {
    name: "full commands sent",
    since: "0.0.0",
    fixedIn: "2.1.112",
    concerns: "other",
    effect: "sends full Bash commands without being asked to, and no request_id",
  },
  {
    name: "variables inherited by other programs",
    since: "0.0.0",
    fixedIn: "2.1.128",
    concerns: "other",
    effect: "hands its OTEL_ variables to the programs it starts, whose telemetry arrives, too",
  },
];

/** The defects a release has, whatever the condition; none where the text is no release. */
export function defectsOf(version: string): readonly KnownDefect[] {
  const numbers = numbersOf(version);
  if (numbers === undefined) return [];
  return knownDefects.filter(
    ({ since, fixedIn }) =>
      !isBefore(numbers, since) && (fixedIn === undefined || isBefore(numbers, fixedIn)),
  );
}

type Numbers = readonly [number, number, number];

function numbersOf(version: string): Numbers | undefined {
  const found = /^(\d{1,6})\.(\d{1,6})\.(\d{1,6})/.exec(version);
  return found === null ? undefined : [Number(found[1]), Number(found[2]), Number(found[3])];
}

function isBefore(version: Numbers, bound: string): boolean {
  const other = numbersOf(bound) ?? [0, 0, 0];
  const at = version.findIndex((number, index) => number !== other[index]);
  return at >= 0 && (version[at] ?? 0) < (other[at] ?? 0);
}
