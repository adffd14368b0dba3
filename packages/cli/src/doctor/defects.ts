/** What is known to be wrong with the telemetry of versions of Claude Code. */
export interface Defect {
  /** The name in the view `known_defects`, where it concerns the numbers of reports. */
  readonly name?: string;
  /** The first version that has it; undefined: from the beginning. */
  readonly from?: string;
  /** The first version that has it no more. */
  readonly until: string;
  /** What goes wrong, as the end of "Claude Code 2.0.76 …". */
  readonly what: string;
}

/**
 * Defects of versions, the heaviest first. Bounds are those of the versions that were run or
 * reported; the change may lie a little earlier.
 */
export const defects: readonly Defect[] = [
  {
    name: "retries without usage",
    until: "2.1.20",
    what: "reports requests it had to repeat with no cost, and mostly no tokens: totals are too low",
  },
  {
    name: "background requests at exit",
    until: "2.1.20",
    what: "leaves out small requests that are under way when it ends",
  },
  {
    name: "interrupted without its last telemetry",
    until: "2.1.112",
    what: "loses what it has not sent yet when it is interrupted",
  },
  {
    name: "hour-long cache writes priced too low",
    until: "2.1.329",
    what: "reckons tokens written to the cache for an hour at the price of five minutes",
  },
  {
    name: "continued under another session",
    until: "2.1.20",
    what: "gives requests in the background of --continue a session of their own",
  },
  {
    name: "subagents not marked",
    until: "2.1.140",
    what: "does not tell requests of subagents from others",
  },
  {
    until: "2.1.214",
    what: "counts usage twice that comes in several parts, as some proxies send it",
  },
  {
    until: "2.1.161",
    what: "drops events of its first moments",
  },
  {
    from: "2.1.128",
    until: "2.1.144",
    what: "leaves query_source empty on many requests",
  },
  {
    until: "2.1.112",
    what: "sends full Bash commands without being asked to, and no request_id",
  },
  {
    until: "2.1.128",
    what: "hands its OTEL_ variables to the programs it starts, whose telemetry arrives, too",
  },
];

/** The defects a version has; none where the text is no version. */
export function defectsOf(version: string): readonly Defect[] {
  const numbers = numbersOf(version);
  if (numbers === undefined) return [];
  return defects.filter(
    ({ from, until }) =>
      !(from !== undefined && isBefore(numbers, from)) && isBefore(numbers, until),
  );
}

type Numbers = readonly [number, number, number];

function numbersOf(version: string): Numbers | undefined {
  const found = /^(\d+)\.(\d+)\.(\d+)/.exec(version);
  return found === null ? undefined : [Number(found[1]), Number(found[2]), Number(found[3])];
}

function isBefore(version: Numbers, bound: string): boolean {
  const other = numbersOf(bound) ?? [0, 0, 0];
  const at = version.findIndex((number, index) => number !== other[index]);
  return at >= 0 && (version[at] ?? 0) < (other[at] ?? 0);
}
