import { wireSessionSchema, wireStateSchema } from "@cctelemetry/core/wire";
import * as v from "valibot";

/**
 * What the status bar needs to know, in the form in which it crosses from the child process to the
 * extension host: a part of the live state, and how the window's own work goes.
 */

const { models, stages } = wireSessionSchema.entries;

const sessionSchema = v.object({
  ...wireSessionSchema.entries,
  models: v.pipe(models, v.maxLength(10)),
  stages: v.pipe(stages, v.maxLength(10)),
});

const receiverSchema = v.object({
  /** elsewhere: another window or program receives, and this one waits for its turn. */
  state: v.picklist(["off", "starting", "serving", "elsewhere", "failed"]),
  /** One sentence; empty if there is nothing to report. */
  text: v.pipe(v.string(), v.maxLength(2000)),
});

/** Schema of a `StatusView`. */
export const statusViewSchema = v.object({
  ...wireStateSchema.entries,
  /** Newest activity first: the newest, running or not, and the pinned one. */
  sessions: v.pipe(v.array(sessionSchema), v.maxLength(100), v.readonly()),
  /** Files that are not followed as they should be come first. */
  files: v.pipe(wireStateSchema.entries.files, v.maxLength(100)),
  /** The newest event of any kind. */
  recent: v.pipe(wireStateSchema.entries.recent, v.maxLength(1)),
  /** Whether anybody named a telemetry file, or one was found, or the database holds something. */
  configured: v.boolean(),
  receiver: receiverSchema,
});

export type StatusView = v.InferOutput<typeof statusViewSchema>;
export type StatusSession = v.InferOutput<typeof sessionSchema>;
export type StatusReceiver = v.InferOutput<typeof receiverSchema>;
