import { styleText } from "node:util";
import { type Paint, plainPaint } from "@cctelemetry/core/light";
import type { CommonOptions } from "../options.ts";
import type { TextOutput, Variables } from "../process/context.ts";

type Style = Parameters<typeof styleText>[0];

/** Colours where the output shows them and nobody forbids it: --no-color, NO_COLOR, TERM=dumb. */
export function paintFor(output: TextOutput, options: CommonOptions, env: Variables): Paint {
  return usesColour(output, options, env) ? colours : plainPaint;
}

/** Whether an output gets colours. */
export function usesColour(output: TextOutput, options: CommonOptions, env: Variables): boolean {
  if (!options.color) return false;
  if ((env["NO_COLOR"] ?? "") !== "") return false;
  const forced = env["FORCE_COLOR"];
  if (forced !== undefined) return forced !== "0" && forced !== "false";
  return output.isTTY && env["TERM"] !== "dumb";
}

/** A colour or weight as a function of text. */
export const style =
  (format: Style) =>
  (text: string): string =>
    // Whether colours are wanted was decided above, not by the state of process.stdout.
    styleText(format, text, { validateStream: false });

const colours: Paint = {
  head: style("bold"),
  rule: style("dim"),
  quiet: style("dim"),
  bar: style("cyan"),
};
