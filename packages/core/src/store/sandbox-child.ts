import type { Writable } from "node:stream";
import type { KnownError } from "../errors.ts";
import { runSandboxed } from "./sandbox.ts";
import { memoryError } from "./sandbox-errors.ts";
import {
  decodeFrames,
  encodeFrame,
  type SandboxMessage,
  type SandboxRequest,
} from "./sandbox-wire.ts";
import type { StoreDefinition } from "./schema.ts";

/** More than the engine's own limit, for what it does not count. */
const MOST_RESIDENT_BYTES = 2_000_000_000;
const LOOK_EVERY_MS = 100;

/** What the child takes from its process. */
export interface SandboxPipes {
  readonly input: AsyncIterable<Buffer>;
  readonly output: Writable;
  readonly residentBytes: () => number;
  readonly exit: (code: number) => never;
}

/**
 * The whole life of the child process: one request from the input, messages to
 * the output, the end. Ends early when it takes too much memory, and quietly
 * when the parent goes away.
 */
export async function serveSandbox(
  definitionFor: (request: SandboxRequest) => StoreDefinition,
  pipes: SandboxPipes,
): Promise<void> {
  pipes.output.on("error", () => pipes.exit(0));
  const send = (message: SandboxMessage) => writeFrame(pipes.output, message);
  const watch = setInterval(() => {
    if (pipes.residentBytes() <= MOST_RESIDENT_BYTES) return;
    clearInterval(watch);
    void send(failure(memoryError("2GB"))).finally(() => pipes.exit(1));
  }, LOOK_EVERY_MS);
  for await (const request of decodeFrames(pipes.input)) {
    // Frames come from the parent alone, which wrote this shape.
    const asked = request as SandboxRequest;
    await runSandboxed(asked, definitionFor(asked), send).catch((error: unknown) =>
      send({
        kind: "bug",
        stack: error instanceof Error ? (error.stack ?? error.message) : String(error),
      }),
    );
    break;
  }
  pipes.exit(0);
}

function failure(error: KnownError): SandboxMessage {
  return { kind: "failed", code: error.code, message: error.message, hint: error.hint };
}

function writeFrame(output: Writable, message: SandboxMessage): Promise<number> {
  const frame = encodeFrame(message);
  return new Promise((done, failed) => {
    output.write(frame, (error) => (error ? failed(error) : done(frame.length)));
  });
}
