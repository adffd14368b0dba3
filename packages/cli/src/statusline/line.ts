import { ellipsize, escapeUnsafe, KnownError, textWidth } from "@cctelemetry/core/meter";
import {
  isValueName,
  type StatusFacts,
  type StatusValue,
  statusValue,
  type Tone,
  type ValueName,
  valueNames,
} from "./values.ts";

/** What a status line shows by default. */
export const DEFAULT_TEMPLATE =
  "{model} · {tokens} · {cost} · {stage} · {hourly} · {context} · {five_hour} · {seven_day} · {errors} · {note}";

const SEPARATOR = " · ";
const NAME = /\{(\w+)\}/g;
const tones: readonly Tone[] = ["quiet", "plain", "warning", "error"];

/** A part of the line, between two separators. */
interface Segment {
  readonly text: string;
  readonly tone: Tone;
  /** How much it would be missed. */
  readonly rank: number;
}

/** Gives a text the look of a tone. */
export type TonePaint = Readonly<Record<Tone, (text: string) => string>>;

/** Throws a KnownError if a template has a name that nothing is called. */
export function checkTemplate(template: string): void {
  for (const [written, name = ""] of template.matchAll(NAME)) {
    if (isValueName(name)) continue;
    throw new KnownError("bad-argument", `The template has ${written}, which is no value.`, {
      hint: `There are ${[...valueNames].sort().join(", ")}.`,
    });
  }
}

/**
 * The line by a template, in at most so many columns. A part between two ` · ` goes where none of
 * its values is there, and where the line is too long: the least missed first, alarms last.
 */
export function statusLine(
  template: string,
  facts: StatusFacts,
  { width, paint }: { readonly width: number; readonly paint: TonePaint },
): string {
  const segments = template.split(SEPARATOR).flatMap((part) => segmentOf(part, facts) ?? []);
  while (segments.length > 1 && widthOf(segments) > width) {
    segments.splice(leastMissed(segments), 1);
  }
  const [only] = segments;
  if (segments.length === 1 && only !== undefined) {
    return paint[only.tone](ellipsize(only.text, Math.max(1, width)));
  }
  return segments.map(({ text, tone }) => paint[tone](text)).join(paint.quiet(SEPARATOR));
}

/** Undefined where none of its values is there. */
function segmentOf(part: string, facts: StatusFacts): Segment | undefined {
  const values: StatusValue[] = [];
  let rank = 0;
  const text = part.replace(NAME, (written, name: string) => {
    if (!isValueName(name)) return written;
    const value = statusValue(name, facts);
    values.push(value);
    if (value.text !== "") rank = Math.max(rank, 1 + rankOf(name));
    return value.text;
  });
  const shown = values.filter((value) => value.text !== "");
  if (values.length > 0 && shown.length === 0) return undefined;
  const clean = escapeUnsafe(text.replace(/\s+/g, " ").trim());
  return clean === "" ? undefined : { text: clean, tone: loudest(shown), rank };
}

function loudest(values: readonly StatusValue[]): Tone {
  const ranks = values.map(({ tone }) => tones.indexOf(tone));
  return tones[Math.max(...ranks)] ?? "quiet";
}

function rankOf(name: ValueName): number {
  return valueNames.indexOf(name);
}

function widthOf(segments: readonly Segment[]): number {
  return textWidth(segments.map(({ text }) => text).join(SEPARATOR));
}

/** Which segment goes first; of two that are alike the one further behind. */
function leastMissed(segments: readonly Segment[]): number {
  const missed = ({ rank, tone }: Segment): number =>
    rank + (tone === "warning" || tone === "error" ? valueNames.length : 0);
  let least = 0;
  for (const [at, segment] of segments.entries()) {
    if (missed(segment) <= missed(segments[least] ?? segment)) least = at;
  }
  return least;
}
