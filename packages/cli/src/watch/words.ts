import { escapeUnsafe, MISSING } from "@cctelemetry/core/light";

const UUID_HEAD = /^([0-9a-f]{8})-[0-9a-f]{4}-/i;

/** A session's id, short: the first part of a UUID. */
export function sessionLabel(sessionId: string | null): string {
  if (sessionId === null || sessionId === "") return MISSING;
  return UUID_HEAD.exec(sessionId)?.[1] ?? escapeUnsafe(sessionId);
}

/** How long ago, in one step of precision: `now`, `5 s`, `12 min`, `3 h`, `2 d`. Takes microseconds. */
export function ageText(micros: number): string {
  const seconds = Math.floor(micros / 1e6);
  if (seconds < 1) return "now";
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

/** A model's name; where it is longer than `width`, without the vendor's prefix. */
export function modelName(model: string | null, width: number): string {
  if (model === null || model === "") return MISSING;
  const name = escapeUnsafe(model);
  return name.length <= width ? name : name.replace(/^claude-/, "");
}
