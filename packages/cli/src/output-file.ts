import { rmSync } from "node:fs";
import { type FileHandle, open, rename, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { KnownError } from "@cctelemetry/core/light";
import type { World } from "./world.ts";

/** A file that is there whole or not at all. */
export interface OutputFile {
  /** Where it is written until it is whole, in the folder it will lie in. */
  readonly temporaryPath: string;
  readonly write: (text: string) => Promise<void>;
  /** Puts the file in its place. */
  readonly keep: () => Promise<void>;
  /** Removes what was written; harmless after `keep`. */
  readonly abandon: () => void;
}

/**
 * Begins a file for the user's eyes alone. It is written beside its place and
 * renamed when it is whole, so that nobody ever reads half of it; an interrupt
 * removes it. A link in its place is replaced, not followed.
 */
export async function openOutputFile(name: string, world: World): Promise<OutputFile> {
  const path = resolve(name);
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory() === true) throw failure(path, "it is a directory", undefined);
  const temporaryPath = join(dirname(path), `.${basename(path)}.${process.pid}.part`);
  const handle = await open(temporaryPath, "wx", 0o600).catch((error: unknown) => {
    throw failure(path, reasonOf(error), error);
  });
  const remove = () => rmSync(temporaryPath, { force: true });
  const callOff = world.onInterrupt(remove);
  let open_ = true;
  const guarded = async (work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      throw failure(path, reasonOf(error), error);
    }
  };
  return {
    temporaryPath,
    write: (text) => guarded(() => writeAll(handle, text)),
    keep: () =>
      guarded(async () => {
        await handle.sync();
        await handle.close();
        await rename(temporaryPath, path);
        open_ = false;
        callOff();
      }),
    abandon: () => {
      if (!open_) return;
      open_ = false;
      callOff();
      void handle.close().catch(() => undefined);
      remove();
    },
  };
}

async function writeAll(handle: FileHandle, text: string): Promise<void> {
  // A full disk may take a part of a write without an error; appendFile goes on until it fails.
  if (text !== "") await handle.appendFile(text, "utf8");
}

function failure(path: string, reason: string, cause: unknown): KnownError {
  return new KnownError("output-failed", `The output ${path} cannot be written: ${reason}.`, {
    hint: "Name a file in a folder you may write to, with room for it.",
    cause,
  });
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  ENOENT: "there is no such folder",
  ENOTDIR: "its folder is a file",
  EEXIST: "another run is writing it",
  ENOSPC: "there is no space left",
  EDQUOT: "your quota is used up",
  EFBIG: "it is larger than files may be",
  ENAMETOOLONG: "its name is too long",
};

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error ? String(error.code) : "";
  return reasons[code] ?? error.message;
}
