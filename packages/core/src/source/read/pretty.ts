/** A request that begins at the left edge, in the Collector's spelling or the original one. */
const REQUEST = /^\{\s*"resource_?(logs|metrics|spans|profiles)"/i;

/**
 * Whether a text that begins with `{` or `[` is JSON over many lines (pretty-printed, an
 * array with a request on each line) rather than lines that are JSON each. A first line that is
 * torn off, with good lines after it, is lines.
 */
export function opensDocument(text: Buffer, ended: boolean): boolean {
  const lineFeed = text.indexOf(0x0a);
  if (lineFeed < 0) return false;
  const first = text.toString("utf8", 0, lineFeed).trim();
  if (isJson(first)) return false;
  if (first === "[") return true;
  const rest = text.toString("utf8", lineFeed + 1).split("\n");
  const whole = ended ? rest : rest.slice(0, -1);
  const next = (whole.length > 0 ? whole : rest).find((line) => line.trim() !== "");
  if (next === undefined || REQUEST.test(next)) return false;
  if (whole.some((line) => REQUEST.test(line) && isJson(line))) return false;
  return goesOn(first, next.trim());
}

/** Whether a text is one value of JSON. */
export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Whether a document may be broken into lines between these two. */
function goesOn(first: string, next: string): boolean {
  const last = lastToken(first);
  const begin = next[0] ?? "";
  if (last === "{") return begin === '"' || begin === "}";
  if (last === "[") return begin !== "," && begin !== "}" && begin !== ":";
  if (last === ",")
    return begin === '"' || begin === "{" || begin === "[" || /[-\dtfn]/.test(begin);
  if (last === ":") return /["{[\-\dtfn]/.test(begin);
  if (last === "value") return begin === "," || begin === "]" || begin === "}" || begin === ":";
  return false;
}

/** What the text ends with; undefined inside a string. */
function lastToken(text: string): "{" | "[" | "," | ":" | "value" | undefined {
  const outside = text.replace(/"(?:[^"\\]|\\.)*"/g, "0");
  if (outside.includes('"')) return undefined;
  const last = outside.at(-1);
  return last === "{" || last === "[" || last === "," || last === ":" ? last : "value";
}
