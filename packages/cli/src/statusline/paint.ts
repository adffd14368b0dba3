import type { TonePaint } from "./line.ts";
import type { StatuslineOptions } from "./options.ts";

const bare = (text: string): string => text;
const code =
  (on: number, off: number) =>
  (text: string): string =>
    `\u001b[${on}m${text}\u001b[${off}m`;

const colours: TonePaint = {
  plain: bare,
  quiet: code(2, 22),
  warning: code(33, 39),
  error: code(31, 39),
};
const none: TonePaint = { plain: bare, quiet: bare, warning: bare, error: bare };

/** Colours unless somebody forbids them: what reads the pipe is Claude Code, which shows them. */
export function tonePaint(
  { color }: Pick<StatuslineOptions, "color">,
  env: Readonly<Record<string, string | undefined>>,
): TonePaint {
  const forbidden = !color || (env["NO_COLOR"] ?? "") !== "" || env["TERM"] === "dumb";
  return forbidden ? none : colours;
}
