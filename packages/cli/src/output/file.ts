import { randomUUID } from "node:crypto";
import { accessSync, chownSync, constants, rmSync, type Stats } from "node:fs";
import { chmod, type FileHandle, open, rename } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { KnownError } from "@cctelemetry/core/light";
import { reasonOf } from "../process/system-reason.ts";
import { type OutputContext, openSink, type Sink } from "./sink.ts";
import { type OutputTarget, outputTarget } from "./target.ts";

/** An output that is there whole or not at all, as far as what takes it allows that. */
export interface OutputFile {
  readonly write: (text: string | Uint8Array) => Promise<void>;
  /** Has a whole file written at a path, in place of `write`. */
  readonly writeFile: (writeTo: (path: string) => Promise<void>) => Promise<void>;
  /** Puts what was written in its place. */
  readonly keep: () => Promise<void>;
  /** Removes what is not in its place; harmless after `keep`. */
  readonly abandon: () => void;
}

const COPY_BYTES = 1 << 20;

/**
 * Begins the output that a user named. A new file is for the user's eyes alone; a file that is there
 * keeps its mode, and links to it stay: it is written beside its place and renamed when it is whole,
 * or, where a rename would change what the name stands for, copied into it. Devices, pipes and open
 * descriptors take what is written as it comes and are never replaced. An interrupt leaves nothing
 * half behind.
 */
export async function openOutputFile(name: string, context: OutputContext): Promise<OutputFile> {
  const guarded = async <T>(work: () => T | Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw error instanceof KnownError ? error : failure(name, reasonOf(error), error);
    }
  };
  const target = await guarded(() => outputTarget(name));
  if (target.kind === "refused")
    throw failure(name, target.reason, undefined, "Name another file.");
  const output = await guarded(() =>
    target.kind === "file" ? wholeFile(target, context) : streamed(target, context),
  );
  return {
    write: (text) => guarded(() => output.write(text)),
    writeFile: (writeTo) => guarded(() => output.writeFile(writeTo)),
    keep: () => guarded(output.keep),
    abandon: output.abandon,
  };
}

/** A file that is written elsewhere until it is whole. */
async function wholeFile(
  { path, existing }: Extract<OutputTarget, { kind: "file" }>,
  context: OutputContext,
): Promise<OutputFile> {
  if (existing !== undefined) accessSync(path, constants.W_OK);
  const part = await openPart(path, existing);
  const unregister = context.onInterrupt(part.remove);
  let isOpen = true;
  const put = async () => {
    await part.handle.sync();
    await part.handle.close();
    if (!part.isBeside || !(await replaced(part.path, path))) await copyInto(part.path, path);
    isOpen = false;
    unregister();
    part.remove();
  };
  return {
    write: (text) => writeAll(part.handle, text),
    writeFile: (writeTo) => writeTo(part.path),
    keep: put,
    abandon: () => {
      if (!isOpen) return;
      isOpen = false;
      unregister();
      void part.handle.close().catch(() => undefined);
      part.remove();
    },
  };
}

/** What takes bytes as they come; opened when there is something to write, for a pipe waits for its reader. */
async function streamed(
  target: Extract<OutputTarget, { kind: "device" | "pipe" | "descriptor" }>,
  context: OutputContext,
): Promise<OutputFile> {
  let sink: Sink | undefined = target.kind === "pipe" ? undefined : await openSink(target, context);
  let part: Part | undefined;
  const opened = async (): Promise<Sink> => {
    sink ??= await openSink(target, context);
    return sink;
  };
  return {
    write: async (text) => (await opened()).write(Buffer.from(text)),
    writeFile: async (writeTo) => {
      part = await makePart(tmpdir(), 0o600, false);
      const unregister = context.onInterrupt(part.remove);
      try {
        await writeTo(part.path);
        const { write } = await opened();
        await eachBlock(part.path, write);
      } finally {
        unregister();
        await part.handle.close();
        part.remove();
      }
    },
    keep: async () => {
      const { end } = await opened();
      sink = undefined;
      await end();
    },
    abandon: () => void sink?.end().catch(() => undefined),
  };
}

/** A file that is not whole yet. */
interface Part {
  readonly path: string;
  readonly handle: FileHandle;
  /** Whether it lies beside its place and may take it. */
  readonly isBeside: boolean;
  readonly remove: () => void;
}

/** Beside its place, unless a rename would part hard links, change the owner or is not allowed there. */
async function openPart(path: string, existing: Stats | undefined): Promise<Part> {
  if (existing === undefined) return makePart(dirname(path), 0o600, true);
  if (existing.nlink > 1) return makePart(tmpdir(), 0o600, false);
  try {
    const part = await makePart(dirname(path), 0o600, true);
    try {
      if (process.platform !== "win32") chownSync(part.path, existing.uid, existing.gid);
      await chmod(part.path, existing.mode & 0o7777);
      return part;
    } catch {
      return { ...part, isBeside: false };
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "EACCES" && code !== "EPERM" && code !== "EROFS") throw error;
    return makePart(tmpdir(), 0o600, false);
  }
}

async function makePart(folder: string, mode: number, isBeside: boolean): Promise<Part> {
  const path = join(folder, `.cctelemetry-${randomUUID()}.part`);
  const handle = await open(path, "wx", mode);
  return { path, handle, isBeside, remove: () => rmSync(path, { force: true }) };
}

/** False if the name stands for something that cannot be renamed over, as a file mounted by itself. */
async function replaced(part: string, path: string): Promise<boolean> {
  try {
    await rename(part, path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EBUSY" || code === "EXDEV" || code === "EPERM" || code === "EACCES") return false;
    throw error;
  }
}

async function copyInto(part: string, path: string): Promise<void> {
  const handle = await open(
    path,
    constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC,
    0o600,
  );
  try {
    await eachBlock(part, (bytes) => writeAll(handle, bytes));
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function eachBlock(path: string, work: (bytes: Uint8Array) => Promise<void>): Promise<void> {
  const handle = await open(path, "r");
  try {
    const buffer = Buffer.allocUnsafe(COPY_BYTES);
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, COPY_BYTES);
      if (bytesRead === 0) return;
      // The writer may keep the block until it is written, so each one is copied.
      await work(Buffer.from(buffer.subarray(0, bytesRead)));
    }
  } finally {
    await handle.close();
  }
}

async function writeAll(handle: FileHandle, text: string | Uint8Array): Promise<void> {
  // A full disk may take a part of a write without an error; appendFile goes on until it fails.
  if (text.length > 0) await handle.appendFile(text);
}

function failure(
  path: string,
  reason: string,
  cause: unknown,
  hint = "Name a file in a folder you may write to, with room for it.",
): KnownError {
  const name = path === "" ? '""' : path;
  return new KnownError("output-failed", `The output ${name} cannot be written: ${reason}.`, {
    hint,
    cause,
  });
}
