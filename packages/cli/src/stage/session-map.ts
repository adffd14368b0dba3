import { KnownError } from "@cctelemetry/core/light";
import { checkedValue, type TagSet } from "../run/tags.ts";

/** Tags by session out of a JSON text such as `{"<session>": {"stage": "plan"}}`. */
export function sessionMap(text: string): readonly (readonly [session: string, tags: TagSet])[] {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    throw unsuitable(error);
  }
  return entriesOf(value).map(([session, tags]) => [session, new Map(entriesOf(tags).map(tagOf))]);
}

function tagOf([name, value]: readonly [string, unknown]): readonly [string, string] {
  if (typeof value !== "string") throw unsuitable();
  return [name, checkedValue(name, value)];
}

function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw unsuitable();
  return Object.entries(value);
}

function unsuitable(cause?: unknown): KnownError {
  return new KnownError(
    "path-unsuitable",
    "The file is not a JSON object that maps session ids to tags.",
    {
      hint: 'Expected: {"<session id>": {"workflow_id": "w-17", "stage": "plan"}}.',
      cause,
    },
  );
}
