/** A string or a name as a literal of SQL, where a statement takes no parameter. */
export function quoted(text: string, mark: "'" | '"'): string {
  return mark + text.replaceAll(mark, mark + mark) + mark;
}
