import { statSync } from "node:fs";
import { KnownError } from "../../errors.ts";
import { fileError } from "../../source/file-error.ts";
import { describeKind } from "../../source/read/file-bytes.ts";
import { openSource } from "../../source/read/open.ts";
import type { OpenedSource } from "../../source/read/opened-source.ts";

/** How far a file was read, and what it is known by. */
export interface ReadFile {
  readonly path: string;
  /** Offset up to which it is stored, in the decompressed stream. */
  readonly cursorOffset: number;
  readonly sizeBytes: number;
  readonly headHash: string;
  readonly guardLength: number;
  readonly guardHash: string;
}

/** What stands at the path of a file that was read, compared with what was read of it. */
export interface FileState {
  /**
   * `up to date`, `behind`, `another file` (it was rotated away or rewritten; what is there now
   * was not read), `gone`, `unreadable`, `a directory`, `a pipe`, `a socket`, `a device`, or
   * `standard input`.
   */
  readonly state: string;
  /** Bytes of the file that are not stored; undefined where that is unknown. */
  readonly lagBytes: number | undefined;
  /** Bytes of what stands at the path now; undefined where nothing readable does. */
  readonly sizeBytes: number | undefined;
  /** The state in words, where there is more to say. */
  readonly reason: string | undefined;
}

/** Looks at a file that was read, as it is now. */
export async function stateOfFile(file: ReadFile): Promise<FileState> {
  if (file.path === "-") return without("standard input", undefined);
  try {
    const source = await openSource(file.path);
    try {
      return await stateOfSource(file, source);
    } finally {
      await source.close();
    }
  } catch (error) {
    return refusal(file.path, error instanceof KnownError ? error : fileError(file.path, error));
  }
}

async function stateOfSource(file: ReadFile, source: OpenedSource): Promise<FileState> {
  const sizeBytes = source.sizeBytes ?? 0;
  if (!(await isSameFile(file, source))) {
    const reason = "What was read is no longer there; the file there now was not read.";
    return { state: "another file", lagBytes: sizeBytes, sizeBytes, reason };
  }
  const plain = source.compression === "none";
  const ahead = sizeBytes - (plain ? file.cursorOffset : file.sizeBytes);
  if (ahead === 0) return { state: "up to date", lagBytes: 0, sizeBytes, reason: undefined };
  const lagBytes = plain ? ahead : undefined;
  for await (const { kind } of source.items(file.cursorOffset)) {
    if (kind !== "tail") return { state: "behind", lagBytes, sizeBytes, reason: undefined };
    const reason = "Its last line is not finished.";
    return { state: "up to date", lagBytes, sizeBytes, reason };
  }
  return { state: "up to date", lagBytes: 0, sizeBytes, reason: undefined };
}

/** By its head, and by the bytes before the cursor where they can be had without decompressing. */
async function isSameFile(file: ReadFile, source: OpenedSource): Promise<boolean> {
  if (file.cursorOffset === 0) return true;
  if (source.headHash !== file.headHash) return false;
  if (source.compression !== "none") return true;
  return (await source.fingerprintAt(file.cursorOffset, file.guardLength)) === file.guardHash;
}

function refusal(path: string, error: KnownError): FileState {
  if (error.code === "path-missing") return without("gone", error.message);
  return without(
    error.code === "path-unsuitable" ? kindAt(path) : "unreadable",
    error.hint === undefined ? error.message : `${error.message} ${error.hint}`,
  );
}

function kindAt(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats === undefined ? "gone" : describeKind(stats);
}

function without(state: string, reason: string | undefined): FileState {
  return { state, lagBytes: undefined, sizeBytes: undefined, reason };
}
