/** Longer than any name is meant to be; one record must not make a message too large to be shown. */
const MOST_CHARACTERS = 1000;

/** Texts by which something is known again: a cut one might be another's. */
const identities: ReadonlySet<string> = new Set(["sessionId"]);

/**
 * The same plain data with every long text but identities cut; the cut ends in an ellipsis and never
 * within a character.
 */
export function withShortTexts<T>(data: T): T {
  // The shape stays as it is: only texts are replaced, by texts.
  return shortened(data) as T;
}

function shortened(data: unknown): unknown {
  if (typeof data === "string") return shortText(data);
  if (Array.isArray(data)) return data.map(shortened);
  if (typeof data !== "object" || data === null) return data;
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [
      key,
      identities.has(key) ? value : shortened(value),
    ]),
  );
}

function shortText(text: string): string {
  if (text.length <= MOST_CHARACTERS) return text;
  const halved = (text.charCodeAt(MOST_CHARACTERS - 1) & 0xfc00) === 0xd800;
  return `${text.slice(0, halved ? MOST_CHARACTERS - 1 : MOST_CHARACTERS)}…`;
}
