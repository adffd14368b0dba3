import * as v from "valibot";
import { statusViewSchema } from "./status-view.ts";

/**
 * The messages between extension host and child process. Both sides check every message they
 * receive; what does not fit is dropped and noted in the log. Messages from and for the dashboard's
 * page travel inside; they are checked by the page's own schema.
 */

const id = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const path = v.pipe(v.string(), v.minLength(1), v.maxLength(32_768));
const text = v.string();
const statement = v.pipe(v.string(), v.maxLength(1_000_000));
const port = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535));
const size = v.pipe(v.number(), v.finite(), v.minValue(0));

const startSchema = v.object({
  kind: v.literal("start"),
  /** Files, folders and globs to follow; empty for the usual places. */
  paths: v.pipe(v.array(path), v.maxLength(1000)),
  /** The database file; null for the usual place. */
  database: v.nullable(path),
  /** Zone of "today" and of times; null for the system's. */
  timeZone: v.nullable(text),
  pinned: v.nullable(text),
  /** Ports on which telemetry is received, null for a protocol that is not; null: not at all. */
  receiver: v.nullable(v.object({ httpPort: v.nullable(port), grpcPort: v.nullable(port) })),
  /** Whether a page shows the live state. */
  watched: v.boolean(),
});

const parameters = v.record(
  v.pipe(v.string(), v.regex(/^[a-z][a-z_]{0,40}$/)),
  v.union([text, v.number()]),
);

/** A request of a command, which is answered with a text. */
const commandRequestSchema = v.variant("what", [
  /** A report as Markdown. */
  v.object({ what: v.literal("report"), name: text, parameters }),
  /** The rows of one reading statement as a table of text. */
  v.object({ what: v.literal("query"), sql: statement }),
  /** Files to be read into the database. */
  v.object({ what: v.literal("import"), paths: v.pipe(v.array(path), v.maxLength(1000)) }),
]);

/** Schema of a `HostToChild`. */
export const hostToChildSchema = v.variant("kind", [
  startSchema,
  v.object({ kind: v.literal("pin"), sessionId: v.nullable(text) }),
  v.object({ kind: v.literal("watched"), watched: v.boolean() }),
  v.object({ kind: v.literal("page"), message: v.unknown() }),
  v.object({ kind: v.literal("request"), id, request: commandRequestSchema }),
  v.object({ kind: v.literal("cancel"), id }),
]);

/** Schema of a `ChildToHost`. */
export const childToHostSchema = v.variant("kind", [
  v.object({
    kind: v.literal("started"),
    database: path,
    dataFolder: path,
    telemetryFolder: path,
    paths: v.array(path),
    /** The first message for a page: reports, zone and pin. */
    welcome: v.unknown(),
  }),
  v.object({ kind: v.literal("status"), view: statusViewSchema }),
  v.object({ kind: v.literal("page"), message: v.unknown() }),
  v.object({ kind: v.literal("answer"), id, text }),
  v.object({ kind: v.literal("refusal"), id, message: text, hint: text }),
  v.object({
    kind: v.literal("progress"),
    id,
    path: text,
    bytesRead: size,
    bytesTotal: v.nullable(size),
  }),
  v.object({ kind: v.literal("log"), level: v.picklist(["info", "warn", "error"]), text }),
  /** The last words before the process ends by itself. */
  v.object({ kind: v.literal("stopped"), message: text, hint: text }),
]);

export type HostToChild = v.InferOutput<typeof hostToChildSchema>;
export type StartMessage = v.InferOutput<typeof startSchema>;
export type CommandRequest = v.InferOutput<typeof commandRequestSchema>;
export type ChildToHost = v.InferOutput<typeof childToHostSchema>;
