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
  readonly space: string;
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
      const at = json.members.length === 0 ? 0 : style.shuffle % json.members.length;
      const turned = [...json.members.slice(at), ...json.members.slice(0, at)];
      const members = turned.map(
        ([key, value]) => `${JSON.stringify(key)}:${space}${print(value, style)}`,
      );
      return `{${members.join(`,${space}`)}${space}}`;
    }
  }
}

function htmlEscape(letter: string): string {
  return `\\u00${letter.charCodeAt(0).toString(16)}`;
}

/** The form without any deviation. */
export const canonical: Style = { space: "", htmlEscapes: false, shuffle: 0 };
