/** What stands in place of an id that was missing, as programs write a missing value. */
const placeholders = ["", "null", "undefined", "None", "nil", "<nil>", "(null)"];

/** The id by which records of one request are found; undefined for a text that is none. */
export function requestIdOf(text: string | undefined): string | undefined {
  return text === undefined || placeholders.includes(text) ? undefined : text;
}

/** The same as a condition in SQL, on an expression of type VARCHAR. */
export function isRequestIdSql(value: string): string {
  return `${value} NOT IN (${placeholders.map((each) => `'${each}'`).join(", ")})`;
}
