import { constants, fstatSync, openSync, writeSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { Socket } from "node:net";
import type { Outputs, Signals } from "../process/context.ts";
import type { OutputTarget } from "./target.ts";

/** Takes bytes as they come. Both reject with the system's error. */
export interface Sink {
  readonly write: (bytes: Uint8Array) => Promise<void>;
  readonly end: () => Promise<void>;
}

/** What an output needs: the standard outputs, which a path may name, and to undo what is half done. */
export type OutputContext = Outputs & Pick<Signals, "onInterrupt">;

/** Interval at which a pipe is checked for a reader, milliseconds. */
const LOOK_EVERY_MS = 50;

/** Opens what is no ordinary file for writing; standard output and error are the process's own. */
export async function openSink(
  target: Extract<OutputTarget, { kind: "device" | "pipe" | "descriptor" }>,
  context: OutputContext,
): Promise<Sink> {
  if (target.kind !== "descriptor") {
    if (target.kind === "pipe") return streamSink(await openPipe(target.path));
    return handleSink(await open(target.path, constants.O_WRONLY));
  }
  const standard =
    target.number === 1 ? context.stdout : target.number === 2 ? context.stderr : null;
  if (standard === null) return descriptorSink(target.number);
  return {
    write: (bytes) => standard.write(bytes),
    end: () => Promise.resolve(),
  };
}

function handleSink(handle: FileHandle): Sink {
  return {
    write: (bytes) => handle.appendFile(bytes),
    end: () => handle.close(),
  };
}

/** Waits for a reader without holding a thread: an `open` that blocks could not be interrupted. */
async function openPipe(path: string): Promise<number> {
  for (;;) {
    try {
      return openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENXIO") throw error;
    }
    await new Promise((done) => setTimeout(done, LOOK_EVERY_MS));
  }
}

/** Another open file of this process, as a shell passes it for `>(command)`. */
function descriptorSink(number: number): Sink {
  const stats = fstatSync(number);
  if (stats.isFIFO() || stats.isSocket()) return streamSink(number);
  return {
    write: (bytes) => {
      for (let done = 0; done < bytes.length; ) done += writeSync(number, bytes, done);
      return Promise.resolve();
    },
    end: () => Promise.resolve(),
  };
}

/** A pipe or socket takes what its reader leaves room for. */
function streamSink(number: number): Sink {
  const stream = new Socket({ fd: number, readable: false, writable: true });
  let failure: Error | undefined;
  stream.on("error", (error) => {
    failure = error;
  });
  const write = (bytes: Uint8Array): Promise<void> =>
    new Promise((done, fail) => {
      if (failure !== undefined) fail(failure);
      else stream.write(bytes, (error) => (error ? fail(error) : done()));
    });
  const end = (): Promise<void> =>
    new Promise((done, fail) => {
      stream.once("error", fail);
      stream.end(() => done());
    });
  return { write, end };
}
