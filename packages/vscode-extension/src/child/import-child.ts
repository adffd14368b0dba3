import { type ImportSummary, importPaths, openStore } from "@cctelemetry/core";
import { counted, KnownError } from "@cctelemetry/core/light";
import * as v from "valibot";
import { type ImportMessage, type ImportRequest, importRequestSchema } from "./import-process.ts";

/** The least time between two reported steps, milliseconds. */
const STEP_EVERY_MS = 200;

const stop = new AbortController();
process.on("disconnect", () => stop.abort());

process.once("message", (received) => {
  run(v.parse(importRequestSchema, received)).then(
    (text) => end({ kind: "done", text }),
    (error: unknown) => end(failureOf(error)),
  );
});

async function run({ database, paths, ownTags }: ImportRequest): Promise<string> {
  const notices: string[] = [];
  const onNotice = (text: string) => void notices.push(text);
  const store = await openStore(database, {
    ownTags,
    onNotice,
    writes: "bulk",
    damagedLog: "put aside",
  });
  let sentAt = 0;
  try {
    const summary = await importPaths(store, paths, {
      signal: stop.signal,
      onProgress: ({ path, bytesRead, bytesTotal }) => {
        if (Date.now() - sentAt < STEP_EVERY_MS) return;
        sentAt = Date.now();
        send({ kind: "progress", path, bytesRead, bytesTotal: bytesTotal ?? null });
      },
    });
    return [...notices, sentence(summary)].join(" ");
  } finally {
    await store.close();
  }
}

/** `12 log records, 34 metric points and 0 spans from 1 file; 3 duplicates, 1 line rejected.` */
function sentence({ totals, skipped, failures }: ImportSummary): string {
  const { logRecords, points, spans, files, duplicates, rejectedLines } = totals;
  const extras = [
    duplicates === 0 ? "" : counted(duplicates, "duplicate"),
    rejectedLines === 0 ? "" : `${counted(rejectedLines, "line")} rejected`,
    skipped.length === 0 ? "" : `${counted(skipped.length, "file")} left out`,
    ...failures.map(({ error }) => `not read: ${error.message}`),
  ].filter((extra) => extra !== "");
  const stored = `${counted(logRecords, "log record")}, ${counted(points, "metric point")} and ${counted(spans, "span")} from ${counted(files, "file")}`;
  return `${stored}${extras.length === 0 ? "" : `; ${extras.join(", ")}`}.`;
}

function failureOf(error: unknown): ImportMessage {
  if (error instanceof KnownError) {
    const { code, message, hint = "" } = error;
    return { kind: "failed", code, message, hint };
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { kind: "broken", stack };
}

function send(message: ImportMessage): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}

function end(message: ImportMessage): void {
  if (!process.connected) process.exit();
  process.send?.(message, undefined, undefined, () => process.exit());
}
