import * as v from "valibot";
import { statusViewSchema } from "./status-view.ts";

/**
 * What extension host and child process tell each other. Both sides check every message they
 * receive; what does not fit is dropped and noted in the log.
 */

const path = v.pipe(v.string(), v.minLength(1), v.maxLength(32_768));
const text = v.string();

const startSchema = v.object({
  kind: v.literal("start"),
  /** Files, folders and globs to follow; empty for the usual places. */
  paths: v.pipe(v.array(path), v.maxLength(1000)),
  /** The database file; null for the usual place. */
  database: v.nullable(path),
  /** Zone of "today" and of times; null for the system's. */
  timeZone: v.nullable(text),
  /** A session is running for so long after its last event, milliseconds. */
  idleAfterMs: v.pipe(v.number(), v.minValue(0)),
  pinned: v.nullable(text),
});

/** Schema of a `HostToChild`. */
export const hostToChildSchema = v.variant("kind", [
  startSchema,
  v.object({ kind: v.literal("pin"), sessionId: v.nullable(text) }),
]);

/** Schema of a `ChildToHost`. */
export const childToHostSchema = v.variant("kind", [
  v.object({
    kind: v.literal("started"),
    database: path,
    dataFolder: path,
    paths: v.array(path),
  }),
  v.object({ kind: v.literal("status"), view: statusViewSchema }),
  v.object({
    kind: v.literal("log"),
    level: v.picklist(["info", "warn", "error"]),
    text,
  }),
  v.object({
    kind: v.literal("stopped"),
    message: text,
    hint: text,
  }),
]);

export type HostToChild = v.InferOutput<typeof hostToChildSchema>;
export type StartMessage = v.InferOutput<typeof startSchema>;
export type ChildToHost = v.InferOutput<typeof childToHostSchema>;
