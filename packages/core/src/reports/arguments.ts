import { KnownError } from "../errors.ts";
import type { Instant } from "../store/session.ts";
import { reportParameters } from "./parameters.ts";
import type { Report, ReportParameter } from "./report.ts";
import { instantOf, isMonthOrMinute, startOfLast, zoneNamed } from "./time.ts";

/** Parameters as they were written: on a command line, in a query string, in a message. */
export type GivenParameters = Readonly<Record<string, string | number | undefined>>;

/** Parameters as a report uses them; null stands for no restriction. */
export interface ReportArguments {
  readonly since: Instant | null;
  readonly until: Instant | null;
  readonly tz: string;
  readonly session: string | null;
  readonly workflow: string | null;
  readonly stage: string | null;
  readonly task: string | null;
  readonly agent: string | null;
  readonly prompt: string | null;
  readonly model: string | null;
  readonly by: string | null;
  readonly bucket: string | null;
  readonly limit: number | null;
}

/** What a report needs to know of its surroundings. */
export interface Surroundings {
  /** Milliseconds since 1970 UTC. */
  now(): number;
  /** The time zone where none is asked for. */
  timeZone(): string;
}

/** The clock and the time zone of this machine. */
export const machine: Surroundings = {
  now: () => Date.now(),
  timeZone: () => new Intl.DateTimeFormat().resolvedOptions().timeZone,
};

/** Checks parameters; throws a KnownError that names the wrong one and what is allowed. */
export function argumentsOf(
  report: Report,
  given: GivenParameters,
  surroundings: Surroundings = machine,
): ReportArguments {
  const texts = textsOf(report, given);
  for (const name of report.required ?? []) {
    if (texts[name] === undefined) {
      throw wrong(
        `The report ${report.name} needs --${name}.`,
        `Write --${name} ${example(name)}.`,
      );
    }
  }
  const tz = zoneOf(texts.tz, surroundings);
  const { since, until } = rangeOf(texts, tz, surroundings.now());
  return {
    since,
    until,
    tz,
    session: texts.session ?? null,
    workflow: texts.workflow ?? null,
    stage: texts.stage ?? null,
    task: texts.task ?? null,
    agent: texts.agent ?? null,
    prompt: texts.prompt ?? null,
    model: texts.model ?? null,
    by: splitOf(report, texts.by),
    bucket: bucketOf(report, texts.bucket),
    limit: limitOf(texts.limit ?? report.limit?.toString()),
  };
}

type Texts = Readonly<Partial<Record<ReportParameter, string>>>;

function textsOf(report: Report, given: GivenParameters): Texts {
  const texts: Partial<Record<ReportParameter, string>> = {};
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue;
    const known = report.parameters.find((each) => each === name);
    if (known === undefined) {
      throw wrong(
        `The report ${report.name} has no parameter ${name}.`,
        `It takes ${report.parameters.map((each) => `--${each}`).join(", ")}.`,
      );
    }
    // A value that a shell cut out of CSV ends with the carriage return of its line.
    const text = String(value).replace(/[\r\n]+$/, "");
    if (text === "") throw wrong(`--${name} is empty.`, `Write --${name} ${example(known)}.`);
    texts[known] = known === "session" || known === "prompt" ? text.trim() : text;
  }
  return texts;
}

function zoneOf(text: string | undefined, surroundings: Surroundings): string {
  if (text === undefined) return zoneNamed(surroundings.timeZone()) ?? "UTC";
  const zone = zoneNamed(text);
  if (zone !== undefined) return zone;
  throw wrong(`--tz ${text} is no time zone.`, `Write a name such as ${listed("tz")}.`);
}

function rangeOf(
  texts: Texts,
  tz: string,
  nowMs: number,
): { since: Instant | null; until: Instant | null } {
  if (texts.last !== undefined && texts.since !== undefined) {
    throw wrong(
      "--last cannot be used with --since: both set the beginning.",
      "Leave one of them out.",
    );
  }
  const began =
    texts.last === undefined
      ? timeOf("since", texts.since, (text) => instantOf(text, "start", tz, nowMs))
      : timeOf("last", texts.last, (text) => startOfLast(text, tz, nowMs));
  const written = timeOf("until", texts.until, (text) => instantOf(text, "end", tz, nowMs));
  const ended = written ?? (texts.last === undefined ? null : latest(nowMs));
  if (began !== null && ended !== null && ended.micros <= began.micros) {
    throw wrong("--until is before the beginning of the range.", "Swap the two times.");
  }
  return { since: began, until: ended };
}

/** Where `--last` ends: a sender's clock may be ahead, or show another zone's time, but not by days. */
function latest(nowMs: number): Instant {
  return { kind: "time", micros: BigInt(Math.floor(nowMs) + 86_400_000) * 1000n };
}

function timeOf(
  name: "since" | "until" | "last",
  text: string | undefined,
  read: (text: string) => bigint | undefined,
): Instant | null {
  if (text === undefined) return null;
  const micros = read(text);
  if (micros !== undefined) return { kind: "time", micros };
  if (name === "last" && isMonthOrMinute(text)) {
    const count = Number.parseInt(text, 10);
    const hint = `Write ${count}mo for months, or ${count}m for minutes.`;
    throw wrong(`--last ${text} may mean months or minutes.`, hint);
  }
  const what = name === "last" ? "a span of time" : "a time";
  throw wrong(`--${name} ${text} is not ${what}.`, `Write ${listed(name)}.`);
}

function splitOf(report: Report, text: string | undefined): string | null {
  if (text === undefined) return null;
  const splits = report.splits ?? [];
  const takesTags = splits.includes(ANY_TAG);
  if (takesTags && text !== ANY_TAG && /^tag:./s.test(text)) return text;
  if (text !== ANY_TAG && splits.includes(text)) return text;
  const hint = `Split it by ${splits.join(", ")}`;
  throw wrong(
    `The report ${report.name} cannot be split by ${text}.`,
    takesTags ? `${hint}: a tag of yours is --by tag:${nameOfTag(text)}.` : `${hint}.`,
  );
}

/** Whether `tag:` with the name of a tag behind it is a split: the end of a line would be cut off. */
export function isSplitTag(name: string): boolean {
  return name !== "" && `tag:${name}` !== ANY_TAG && !/[\r\n]$/.test(name);
}

/** The name that stands for any tag among the splits of a report. */
const ANY_TAG = "tag:NAME";

function nameOfTag(text: string): string {
  return /^[\w.-]+$/.test(text) ? text : "team";
}

function bucketOf({ name, buckets = [] }: Report, text: string | undefined): string | null {
  if (text === undefined) return buckets[0] ?? null;
  if (buckets.includes(text)) return text;
  throw wrong(
    `The report ${name} has no buckets of ${text}.`,
    `Its buckets are ${buckets.join(", ")}.`,
  );
}

function limitOf(text: string | undefined): number | null {
  if (text === undefined || text === "all") return null;
  const rows = Number(text);
  if (/^\d{1,9}$/.test(text) && rows > 0) return rows;
  throw wrong(`--limit ${text} is no number of rows.`, "Write a number from 1 on, or all.");
}

function wrong(message: string, hint: string): KnownError {
  return new KnownError("bad-argument", message, { hint });
}

function example(name: ReportParameter): string {
  return reportParameters[name].examples[0] ?? "";
}

function listed(name: ReportParameter): string {
  return reportParameters[name].examples.join(", ");
}
