/** Colours as names of CSS classes: the theme decides what they look like. */

/** The four types of tokens in the order in which they are stacked. */
export const tokenTypes = [
  { name: "input_tokens", label: "input", colour: "token-input" },
  { name: "output_tokens", label: "output", colour: "token-output" },
  { name: "cache_read_tokens", label: "cache read", colour: "token-cache-read" },
  { name: "cache_creation_tokens", label: "cache write", colour: "token-cache-write" },
] as const;

const HUES = 8;

/** The class of a name's colour; the same name has the same colour everywhere. */
export function hueOf(name: string): string {
  let hash = 2_166_136_261;
  for (let at = 0; at < name.length; at += 1) {
    hash = Math.imul(hash ^ name.charCodeAt(at), 16_777_619);
  }
  return `hue-${(hash >>> 0) % HUES}`;
}

/**
 * The classes of several names that are seen together: each has the colour of its own where
 * it is free, else the next one.
 */
export function huesOf(names: readonly string[]): ReadonlyMap<string, string> {
  const taken = new Set<string>();
  const hues = new Map<string, string>();
  for (const name of [...new Set(names)].sort()) {
    let hue = hueOf(name);
    for (let tries = 0; taken.has(hue) && tries < HUES; tries += 1) {
      hue = `hue-${(Number(hue.slice(4)) + 1) % HUES}`;
    }
    taken.add(hue);
    hues.set(name, hue);
  }
  return hues;
}
