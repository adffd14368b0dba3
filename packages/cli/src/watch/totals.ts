import type { LiveToday } from "@cctelemetry/core";
import { compactCount, compactRatio, costText, usdOf } from "@cctelemetry/core/light";
import type { WatchPaint } from "./paint.ts";
import { joinFitting, type Line, type Span } from "./spans.ts";
import { plural } from "./words.ts";

const GAP = "   ";

/** `today  $4.31   1.9M tokens   1 error   212 requests   6 sessions   93 % cached   2 failed tools` */
export function todayLine(today: LiveToday, paint: WatchPaint, width: number): Line {
  const { costNanoUsd: cost, unpricedRequests: unpriced } = today;
  const parts: readonly (readonly Span[])[] = [
    [
      { text: "today  ", paint: paint.quiet },
      { text: costText(cost === undefined ? cost : usdOf(cost), unpriced), paint: paint.head },
    ],
    amount(compactCount(Number(today.totalTokens)), "tokens", paint),
    ...failures(today.errors, "error", paint),
    ...failures(today.refusals, "refusal", paint),
    ...(unpriced === 0 ? [] : [amount(compactCount(unpriced), "without a price", paint)]),
    ...(today.requests === undefined
      ? []
      : [
          amount(
            compactCount(today.requests),
            today.requests === 1 ? "request" : "requests",
            paint,
          ),
        ]),
    amount(String(today.sessions), today.sessions === 1 ? "session" : "sessions", paint),
    ...(today.cacheHitRate === undefined
      ? []
      : [amount(compactRatio(today.cacheHitRate), "cached", paint)]),
    ...(today.toolCalls === 0
      ? []
      : [amount(compactCount(today.toolCalls), today.toolCalls === 1 ? "tool" : "tools", paint)]),
    ...failures(today.toolFailures, "failed tool", paint),
  ];
  return joinFitting(parts, GAP, width);
}

/** `input 373   output 1.9k   cache read 361k   cache write 27k`, each in its hue. */
export function tokenTypesLine(today: LiveToday, paint: WatchPaint, width: number): Line {
  const { tokens } = paint;
  const parts = [
    ["input", today.inputTokens, tokens.input],
    ["output", today.outputTokens, tokens.output],
    ["cache read", today.cacheReadTokens, tokens.cacheRead],
    ["cache write", today.cacheCreationTokens, tokens.cacheWrite],
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
  return count === 0 ? [] : [[{ text: plural(count, what), paint: paint.bad }]];
}

function amount(value: string, unit: string, paint: WatchPaint): Line {
  return [{ text: value }, { text: ` ${unit}`, paint: paint.quiet }];
}
