import type { LiveToday } from "@cctelemetry/core";
import { compactCount, compactRatio, compactUsd } from "@cctelemetry/core/light";
import type { WatchPaint } from "./paint.ts";
import { joinFitting, type Line, type Span } from "./spans.ts";
import { plural, usdOf } from "./words.ts";

const GAP = "   ";

/** `today  $4.31   1.9M tokens   212 requests   6 sessions   93 % cached   1 error` */
export function todayLine(today: LiveToday, paint: WatchPaint, width: number): Line {
  const failures = today.errors + today.refusals;
  const parts: readonly (readonly Span[])[] = [
    [
      { text: "today  ", paint: paint.quiet },
      { text: compactUsd(usdOf(today.costNanoUsd)), paint: paint.head },
    ],
    amount(compactCount(Number(today.totalTokens)), "tokens", paint),
    ...(failures === 0 ? [] : [[{ text: plural(failures, "error"), paint: paint.bad }]]),
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

function amount(value: string, unit: string, paint: WatchPaint): Line {
  return [{ text: value }, { text: ` ${unit}`, paint: paint.quiet }];
}
