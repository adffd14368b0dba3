import { homedir } from "node:os";
import { fileURLToPath } from "node:url";
import {
  capturedFiles,
  defaultPlaces,
  KnownError,
  messageOf,
  receivedFile,
} from "@cctelemetry/core/light";
import * as v from "valibot";
import { type ChildToHost, hostToChildSchema, type StartMessage } from "../messages.ts";
import { LiveWork } from "./live-work.ts";

/** How long what was read may handle to be stored at the end, milliseconds. */
const END_WITHIN_MS = 5_000;

const places = defaultPlaces({ env: process.env, platform: process.platform, home: homedir() });
let work: Promise<LiveWork> | undefined;
let ending = false;

// The window is gone, or asks for the end: store what was read, then go, however that goes.
process.on("disconnect", end);
process.on("SIGTERM", end);
// Ctrl-C in the terminal that VS Code was started from is meant for VS Code.
process.on("SIGINT", () => undefined);
process.on("uncaughtException", fail);
process.on("unhandledRejection", fail);

process.on("message", (received) => {
  const parsed = v.safeParse(hostToChildSchema, received);
  if (!parsed.success) {
    send({ kind: "log", level: "warn", text: "A message from the window was not understood." });
    return;
  }
  const message = parsed.output;
  if (message.kind === "start") {
    work ??= begin(message);
    work.catch(fail);
    return;
  }
  work?.then((live) => live.handle(message)).catch(fail);
});

function begin(message: StartMessage): Promise<LiveWork> {
  return LiveWork.start(message, {
    database: message.database ?? places.database,
    usualPaths: [capturedFiles(places)],
    dataFolder: places.dataFolder,
    telemetryFolder: places.telemetryFolder,
    configFolder: places.configFolder,
    receiverOutput: receivedFile(places),
    scripts: { query: beside("query-child.mjs"), import: beside("import-child.mjs") },
    send,
    fail,
  });
}

/** A script that is built into the same folder as this one. */
function beside(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}

function send(message: ChildToHost): void {
  // There is no one to report to once the window is gone.
  if (process.connected && !ending) process.send?.(message, undefined, undefined, () => undefined);
}

function end(): void {
  if (ending) return;
  ending = true;
  setTimeout(() => process.exit(1), END_WITHIN_MS).unref();
  Promise.resolve(work)
    .then((live) => live?.close())
    .then(
      () => process.exit(0),
      () => process.exit(1),
    );
}

function fail(error: unknown): void {
  if (ending) return;
  const known = error instanceof KnownError;
  const message = messageOf(error);
  if (!known) {
    send({
      kind: "log",
      level: "error",
      text: error instanceof Error ? `${error.stack}` : message,
    });
  }
  const stopped = {
    kind: "stopped",
    message,
    hint: (known ? error.hint : undefined) ?? "",
  } as const;
  process.send?.(stopped, undefined, undefined, () => process.exit(1));
  ending = true;
  setTimeout(() => process.exit(1), 500);
}
