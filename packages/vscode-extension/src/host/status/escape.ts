import { escapeUnsafe } from "@cctelemetry/core/light";

/** More than a name needs, little enough that a tooltip stays one. */
const LONGEST = 80;

/**
 * Text from telemetry for the label of a status item: one line, and `$(name)` in it stays text
 * instead of becoming an icon.
 */
export function labelText(text: string, longest: number = LONGEST): string {
  return escapeUnsafe(shortened(text, longest)).replace(
    /\$\((?=[A-Za-z0-9-]+(?:~[A-Za-z]+)?\))/g,
    "\\$(",
  );
}

/**
 * Text from telemetry for Markdown: everything but letters, digits and single spaces becomes a
 * numeric entity, so that no link, markup, icon, address or HTML can come of it.
 */
export function markdownText(text: string, longest: number = LONGEST): string {
  return escapeUnsafe(shortened(text, longest)).replace(
    /[^\p{L}\p{N}\p{M} ]|^ | $| (?= )/gu,
    (character) => `&#${character.codePointAt(0) ?? 0};`,
  );
}

function shortened(text: string, longest: number): string {
  const characters = [...text];
  return characters.length <= longest ? text : `${characters.slice(0, longest - 1).join("")}…`;
}
