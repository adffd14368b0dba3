import type { WireToday } from "@cctelemetry/core";
import { compactCount, compactRatio, counted, spentText } from "@cctelemetry/core/light";
import type { WatchPaint } from "./paint.ts";
import { joinFitting, type Line, type Span } from "./spans.ts";

const GAP = "   ";

/** `today  $4.31   1.9M tokens   1 error   212 requests   6 sessions   93 % cached   2 failed tools` */
export function todayLine(today: WireToday, paint: WatchPaint, width: number): Line {
  const unpriced = today.unpriced_requests ?? 0;
  const parts: readonly (readonly Span[])[] = [
    [
      { text: "today  ", paint: paint.quiet },
      { text: spentText(today), paint: paint.head },
    ],
    amount(compactCount(Number(today.total_tokens)), "tokens", paint),
    ...failures(today.errors, "error", paint),
    ...failures(today.refusals, "refusal", paint),
    ...(unpriced === 0 ? [] : [amount(compactCount(unpriced), "without a price", paint)]),
    ...(today.requests === null
      ? []
      : [
          amount(
            compactCount(today.requests),
            today.requests === 1 ? "request" : "requests",
            paint,
          ),
        ]),
    amount(String(today.sessions), today.sessions === 1 ? "session" : "sessions", paint),
    ...(today.cache_hit_rate === null
      ? []
      : [amount(compactRatio(today.cache_hit_rate), "cached", paint)]),
    ...(today.tool_calls === 0
      ? []
      : [amount(compactCount(today.tool_calls), today.tool_calls === 1 ? "tool" : "tools", paint)]),
    ...failures(today.tool_failures, "failed tool", paint),
  ];
  return joinFitting(parts, GAP, width);
}

/** `input 373   output 1.9k   cache read 361k   cache write 27k`, each in its hue. */
export function tokenTypesLine(today: WireToday, paint: WatchPaint, width: number): Line {
  const { tokens } = paint;
  const parts = [
    ["input", today.input_tokens, tokens.input],
    ["output", today.output_tokens, tokens.output],
    ["cache read", today.cache_read_tokens, tokens.cacheRead],
    ["cache write", today.cache_creation_tokens, tokens.cacheWrite],
  ] as const;
  const shown = parts.map(
    ([name, count, brush]): Line => [
      { text: `${name} `, paint: brush },
      { text: compactCount(Number(count)) },
    ],
  );
  return [{ text: "       " }, ...joinFitting(shown, GAP, width - 7)];
}

function failures(count: number, what: string, paint: WatchPaint): readonly Line[] {
  return count === 0 ? [] : [[{ text: counted(count, what), paint: paint.bad }]];
}

function amount(value: string, unit: string, paint: WatchPaint): Line {
  return [{ text: value }, { text: ` ${unit}`, paint: paint.quiet }];
}
