import { type Paint, plainPaint } from "@cctelemetry/core/light";
import type { CommonOptions } from "../options.ts";
import { paintFor, style, usesColour } from "../output/paint.ts";
import type { TextOutput, Variables } from "../process/context.ts";

type Brush = (text: string) => string;

/** Colours of the live screen, or none. */
export interface WatchPaint extends Paint {
  /** Errors, and nothing else. */
  readonly bad: Brush;
  /** The four types of tokens, in the same hues everywhere. */
  readonly tokens: Readonly<Record<"input" | "output" | "cacheRead" | "cacheWrite", Brush>>;
  /** The hue of a stage: the same for the same name. */
  readonly stage: (name: string) => Brush;
}

const plain: Brush = (text) => text;

/** No colours. */
export const plainWatchPaint: WatchPaint = {
  ...plainPaint,
  bad: plain,
  tokens: { input: plain, output: plain, cacheRead: plain, cacheWrite: plain },
  stage: () => plain,
};

/** Colours where the terminal shows them and nobody forbids it. */
export function watchPaintFor(
  output: TextOutput,
  options: CommonOptions,
  env: Variables,
): WatchPaint {
  if (!usesColour(output, options, env)) return plainWatchPaint;
  const hues = (["cyan", "green", "yellow", "blue", "magenta"] as const).map(style);
  return {
    ...paintFor(output, options, env),
    bad: style("red"),
    tokens: {
      input: style("blue"),
      output: style("green"),
      cacheRead: style("cyan"),
      cacheWrite: style("magenta"),
    },
    stage: (name) => hues[sumOfUnits(name) % hues.length] ?? plain,
  };
}

function sumOfUnits(name: string): number {
  return Array.from(name).reduce((sum, character) => sum + (character.codePointAt(0) ?? 0), 0);
}
