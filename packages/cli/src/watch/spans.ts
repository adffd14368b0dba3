import { ellipsize, textWidth } from "@cctelemetry/core/light";

/** A piece of a line: text that is safe to show, and its colour. */
export interface Span {
  readonly text: string;
  readonly paint?: ((text: string) => string) | undefined;
}

/** One line of the screen. */
export type Line = readonly Span[];

/** The line painted, cut to `width` columns. */
export function paintLine(line: Line, width: number): string {
  let left = width;
  let text = "";
  for (const span of line) {
    if (left <= 0) break;
    const shown = ellipsize(span.text, left);
    left -= textWidth(shown);
    text += span.paint === undefined || shown === "" ? shown : span.paint(shown);
  }
  return text;
}

/** How many columns a line takes. */
export function lineWidth(line: Line): number {
  return line.reduce((sum, { text }) => sum + textWidth(text), 0);
}

/** One part at the left edge and one at the right; the right one only where both fit. */
export function spread(left: Line, right: Line, width: number): Line {
  const gap = width - lineWidth(left) - lineWidth(right);
  return gap < 2 ? left : [...left, { text: " ".repeat(gap) }, ...right];
}

/** As many of the parts, from the first, as fit side by side whole; at least one. */
export function joinFitting(parts: readonly Line[], between: string, width: number): Line {
  const [first = [], ...others] = parts;
  const joined = [...first];
  for (const part of others) {
    const added = [{ text: between }, ...part];
    if (lineWidth(joined) + lineWidth(added) > width) break;
    joined.push(...added);
  }
  return joined;
}

/** The span filled up with spaces to a width, or cut to it. */
export function padded({ text, paint }: Span, width: number, align: "left" | "right"): Line {
  const shown = ellipsize(text, width);
  const filling = { text: " ".repeat(width - textWidth(shown)) };
  const span = { text: shown, paint };
  return align === "left" ? [span, filling] : [filling, span];
}
