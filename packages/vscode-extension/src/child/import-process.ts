import { fork } from "node:child_process";
import { KnownError, knownErrorCodes } from "@cctelemetry/core/light";
import * as v from "valibot";

const size = v.pipe(v.number(), v.finite(), v.minValue(0));

/** The request to the process of an import. */
export const importRequestSchema = v.object({
  database: v.string(),
  paths: v.array(v.string()),
  /** Names of tags that stand for columns of workflows. */
  ownTags: v.record(v.string(), v.pipe(v.array(v.string()), v.readonly())),
});

/** The messages of the process of an import. */
export const importMessageSchema = v.variant("kind", [
  v.object({
    kind: v.literal("progress"),
    path: v.string(),
    bytesRead: size,
    bytesTotal: v.nullable(size),
  }),
  v.object({ kind: v.literal("done"), text: v.string() }),
  v.object({
    kind: v.literal("failed"),
    code: v.picklist(knownErrorCodes),
    message: v.string(),
    hint: v.string(),
  }),
  /** A bug: its stack. */
  v.object({ kind: v.literal("broken"), stack: v.string() }),
]);

export type ImportRequest = v.InferOutput<typeof importRequestSchema>;
export type ImportMessage = v.InferOutput<typeof importMessageSchema>;
export type ImportStep = Extract<ImportMessage, { kind: "progress" }>;

/**
 * Imports in a process of its own, which gives back its memory at the end, and whose lock on the
 * database is another one than that of the process that follows. Gives a sentence on what came of it.
 */
export function importIn(
  script: string,
  request: ImportRequest,
  onStep: (step: ImportStep) => void,
  signal: AbortSignal,
): Promise<string> {
  if (signal.aborted) return Promise.reject(cancelled());
  return new Promise((resolve, reject) => {
    const child = fork(script, [], {
      execArgv: ["--no-warnings"],
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    // Between two blocks it stops by itself; what was stored until then stays.
    const cancel = (): void => child.disconnect();
    signal.addEventListener("abort", cancel, { once: true });
    child.on("message", (received) => {
      const parsed = v.safeParse(importMessageSchema, received);
      if (!parsed.success) return;
      const message = parsed.output;
      if (message.kind === "progress") onStep(message);
      else if (message.kind === "done") resolve(message.text);
      else reject(errorOf(message));
    });
    child.on("error", reject);
    child.on("exit", (code, ending) => {
      signal.removeEventListener("abort", cancel);
      const how = ending ?? `exit code ${code}`;
      reject(signal.aborted ? cancelled() : new Error(`The process of the import ended (${how}).`));
    });
    child.send(request, () => undefined);
  });
}

/** The error that ended an import, as its process met it. */
function errorOf(message: Extract<ImportMessage, { kind: "failed" | "broken" }>): Error {
  if (message.kind === "failed") {
    return new KnownError(message.code, message.message, { hint: message.hint });
  }
  const [first = ""] = message.stack.split("\n");
  return Object.assign(new Error(first.replace(/^\w*Error: /, "")), { stack: message.stack });
}

/** What the user stopped. */
function cancelled(): KnownError {
  return new KnownError("cancelled", "The import was stopped.", {
    hint: "What was read until then is stored.",
  });
}
