import { KnownError } from "@cctelemetry/core/light";

const BEGIN = "# >>> cctelemetry >>>";
const END = "# <<< cctelemetry <<<";

/**
 * A profile with our lines in a block of their own: in the place of the block that is there, or at
 * the end. Everything else stays as it is. KnownError if a block has no end.
 */
export function withBlock(profile: string, lines: string, name: string): string {
  const eol = profile.includes("\r\n") ? "\r\n" : "\n";
  const block = [BEGIN, "# Written by cctelemetry init.", ...lines.trimEnd().split("\n"), END];
  const text = block.join(eol);
  const begin = lineStart(profile, BEGIN);
  if (begin < 0) {
    const gap = profile === "" || profile.endsWith("\n") ? "" : eol;
    return `${profile}${gap}${text}${eol}`;
  }
  const end = lineStart(profile, END, begin);
  if (end < 0) {
    throw new KnownError(
      "settings-unsuitable",
      `${name} has a line "${BEGIN}", and none "${END}".`,
      {
        hint: "Remove the rest of the block, then run init again; the file was not changed.",
      },
    );
  }
  return profile.slice(0, begin) + text + profile.slice(end + END.length);
}

function lineStart(text: string, line: string, from = 0): number {
  const found = new RegExp(`^${line}\\s*$`, "m").exec(text.slice(from));
  return found === null ? -1 : from + found.index;
}
