/** A JSON text that lets keys come twice and numbers be written in any way. */
export type Json =
  | { readonly kind: "raw"; readonly text: string }
  | { readonly kind: "object"; readonly members: readonly (readonly [string, Json])[] }
  | { readonly kind: "list"; readonly items: readonly Json[] };

export const raw = (text: string): Json => ({ kind: "raw", text });
export const str = (text: string): Json => raw(JSON.stringify(text));
export const list = (items: readonly Json[]): Json => ({ kind: "list", items });
export const object = (...members: readonly (readonly [string, Json | undefined])[]): Json => ({
  kind: "object",
  members: members.flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const])),
});

/** How a text is written. */
export interface Style {
  /** After each colon and comma. */
  readonly space: string;
  /** Before each closing brace. */
  readonly closing: string;
  readonly htmlEscapes: boolean;
  readonly shuffle: number;
}

/** Writes a JSON text in a style. */
export function print(json: Json, style: Style): string {
  const { space } = style;
  switch (json.kind) {
    case "raw":
      return style.htmlEscapes ? json.text.replace(/[<>&]/g, htmlEscape) : json.text;
    case "list":
      return `[${json.items.map((item) => print(item, style)).join(`,${space}`)}]`;
    case "object": {
      const members = shuffled(json.members, style.shuffle).map(
        ([key, value]) => `${JSON.stringify(key)}:${space}${print(value, style)}`,
      );
      return `{${members.join(`,${space}`)}${style.closing}}`;
    }
  }
}

function htmlEscape(letter: string): string {
  return `\\u00${letter.charCodeAt(0).toString(16)}`;
}

/** The form without any deviation. */
export const canonical: Style = { space: "", closing: "", htmlEscapes: false, shuffle: 0 };

/** Items in an order that a number chooses; 0 leaves them as they are. */
function shuffled<T>(items: readonly T[], order: number): T[] {
  const left = [...items];
  const chosen: T[] = [];
  for (let rest = order; left.length > 0; rest = Math.floor(rest / 3)) {
    chosen.push(...left.splice(rest % left.length, 1));
  }
  return chosen;
}
