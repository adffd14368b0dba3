import { constants, type Stats } from "node:fs";
import {
  copyFile,
  lstat,
  mkdir,
  open,
  readFile,
  realpath,
  rename,
  rm,
  stat,
} from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { codeOf, KnownError } from "@cctelemetry/core/light";
import { reasonOf } from "../process/system-reason.ts";

/** A file as it is and as it should become. */
export interface FileChange {
  readonly path: string;
  /** Its text now; undefined if there is no such file. */
  readonly before: string | undefined;
  readonly after: string;
  /** True if nobody but its owner may read it from now on. */
  readonly secret?: boolean;
}

/** The text of a file that is to be changed; undefined if there is none. KnownError otherwise. */
export async function readForChange(path: string): Promise<string | undefined> {
  const stats = await statOf(path);
  if (stats === undefined) return undefined;
  if (!stats.isFile()) throw failure(path, "it is not a file", undefined);
  try {
    return exactText.decode(await readFile(path));
  } catch (error) {
    const isOther = error instanceof TypeError;
    throw failure(path, isOther ? "it is not text in UTF-8" : changeReason(error), error);
  }
}

/** What is read is written again: nothing in it may be lost, a byte order mark neither. */
const exactText = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Makes the change and gives the path of the backup, where there was a file. The file is there as
 * it was or as it shall be, at any moment; a link is followed, permissions stay. A new file and its
 * folder are for the user's eyes alone, and so is one with a secret. KnownError, with nothing changed, where the file is
 * read-only, or is another than the change was made for; `now` in milliseconds.
 */
export async function changeFile(change: FileChange, now: number): Promise<string | undefined> {
  const path = await targetOf(change.path);
  const stats = await statOf(path);
  if ((await readForChange(path)) !== change.before) {
    throw failure(change.path, "another program has just written it", undefined);
  }
  if (stats !== undefined && (stats.mode & 0o222) === 0) {
    throw failure(change.path, "it is read-only", undefined);
  }
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const backup = stats === undefined ? undefined : await backUp(path, now);
    const mode = stats === undefined ? 0o600 : stats.mode & (change.secret ? 0o700 : 0o777);
    await replace(path, change.after, mode);
    return backup;
  } catch (error) {
    throw failure(change.path, changeReason(error), error);
  }
}

/** Makes a folder for the user's eyes alone, where there is none. KnownError if that fails. */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw failure(path, changeReason(error), error);
  }
}

async function replace(path: string, text: string, mode: number): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.part`);
  try {
    const handle = await open(temporary, "wx", mode);
    try {
      await handle.chmod(mode);
      await handle.appendFile(text, "utf8");
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** A copy beside the file, under a name that was free. */
async function backUp(path: string, now: number): Promise<string> {
  const time = new Date(now).toISOString().replace(/[-:]|\.\d+/g, "");
  for (let number = 1; ; number++) {
    const copy = `${path}.${number === 1 ? time : `${time}-${number}`}.bak`;
    try {
      await copyFile(path, copy, constants.COPYFILE_EXCL);
      return copy;
    } catch (error) {
      if (codeOf(error) !== "EEXIST") throw error;
    }
  }
}

/** Where a link leads; a link to nothing is an error, for it would be lost. */
async function targetOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    const isLink = (await lstat(path).catch(() => undefined))?.isSymbolicLink() === true;
    if (isLink) throw failure(path, "it is a link that leads nowhere", error);
    return path;
  }
}

async function statOf(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw failure(path, changeReason(error), error);
  }
}

function failure(path: string, reason: string, cause: unknown): KnownError {
  return new KnownError("output-failed", `${path} cannot be changed: ${reason}.`, {
    hint: "Nothing was changed there; init --print prints what belongs in it.",
    cause,
  });
}

/** Why a file cannot be changed. */
function changeReason(error: unknown): string {
  if (codeOf(error) === "EEXIST") return "something else is in its place";
  return error instanceof KnownError ? error.message : reasonOf(error);
}
