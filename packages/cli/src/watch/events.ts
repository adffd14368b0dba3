import type { WireEvent } from "@cctelemetry/core";
import {
  compactCount,
  compactDuration,
  compactUsd,
  escapeUnsafe,
  usdSpent,
} from "@cctelemetry/core/light";
import type { WatchPaint } from "./paint.ts";
import { type Line, lineWidth, type Span } from "./spans.ts";
import { modelName, sessionLabel } from "./words.ts";

const GAP = "  ";
const KIND_WIDTH = 7;

/** With fewer columns the vendor's prefix of a model goes. */
const WIDE = 100;
/** With fewer columns a text is left out rather than cut. */
const LEAST_TEXT = 12;

/** How an event is shown. */
export interface EventOptions {
  /** The event's time as text. */
  readonly time: string;
  readonly paint: WatchPaint;
  readonly width: number;
}

/** A part of the line. Words may be cut at the end of a line, numbers not. */
interface Part extends Span {
  readonly words?: true;
}

/** `14:03:19  1f3a9c2e  request  implement  claude-opus-5-5  12k tokens  $0.014  2.3 s` */
export function eventLine(event: WireEvent, options: EventOptions): Line {
  const { time, paint, width } = options;
  const line: Span[] = [
    { text: `${time}${GAP}${sessionLabel(event.session_id).padEnd(8)}${GAP}`, paint: paint.quiet },
    { text: event.kind.padEnd(KIND_WIDTH), paint: isFailure(event) ? paint.bad : undefined },
  ];
  for (const part of [...stagePart(event, paint), ...details(event, options)]) {
    const room = width - lineWidth(line) - GAP.length;
    const fits = lineWidth([part]) <= room;
    if (!fits && !(part.words === true && room >= LEAST_TEXT)) break;
    line.push({ text: GAP }, part);
    if (!fits) break;
  }
  return line;
}

function isFailure(event: WireEvent): boolean {
  return event.kind === "error" || (event.kind === "tool" && event.success === false);
}

function stagePart({ stage }: WireEvent, paint: WatchPaint): readonly Part[] {
  return stage === null ? [] : words(stage, paint.stage(stage));
}

function details(event: WireEvent, { paint, width }: EventOptions): readonly Part[] {
  const model = words(
    event.model === null ? null : modelName(event.model, width < WIDE ? 0 : width),
  );
  const took = durationOf(event);
  switch (event.kind) {
    case "request":
      return [
        ...model,
        { text: `${compactCount(Number(event.total_tokens))} tokens` },
        costPart(event, paint),
        ...took,
        ...sourcePart(event, paint),
      ];
    case "error":
      return [
        ...words(event.status_code, paint.bad),
        ...words(event.error, paint.bad),
        ...model,
        ...took,
      ];
    case "tool":
      return [
        ...words(event.tool_name),
        ...(event.success === false ? [{ text: "failed", paint: paint.bad }] : []),
        ...took,
      ];
    case "prompt":
      return [...words(event.command_name), ...lengthOf(event.prompt_length)];
    case "refusal":
      return [...model, ...took];
    case "mark":
      return words(event.subject);
    default:
      return [...words(event.event_name), ...words(event.subject), ...took];
  }
}

/** Who asked, if it was not the main thread; most releases do not say it of all requests. */
function sourcePart({ source }: Request, paint: WatchPaint): readonly Part[] {
  return source === "main" || source === "unknown" ? [] : [{ text: source, paint: paint.quiet }];
}

type Request = Extract<WireEvent, { readonly kind: "request" }>;

function costPart(request: Request, paint: WatchPaint): Part {
  const usd = usdSpent(request);
  return usd === undefined ? { text: "no price", paint: paint.quiet } : { text: compactUsd(usd) };
}

function durationOf({ duration_ms }: WireEvent): readonly Part[] {
  return duration_ms === null ? [] : [{ text: compactDuration(Number(duration_ms)) }];
}

function lengthOf(characters: number | string | null): readonly Part[] {
  return characters === null ? [] : [{ text: `${compactCount(Number(characters))} characters` }];
}

function words(text: string | null, paint?: Span["paint"]): readonly Part[] {
  return text === null || text === "" ? [] : [{ text: escapeUnsafe(text), paint, words: true }];
}
