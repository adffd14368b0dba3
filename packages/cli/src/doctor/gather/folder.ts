import { constants } from "node:fs";
import { access, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { DoctorFacts, TelemetryFile } from "../facts.ts";

/** The folder that telemetry is captured in, and the files in it. */
export async function gatherFolder(path: string): Promise<DoctorFacts["folder"]> {
  const stats = await stat(path).catch((error: NodeJS.ErrnoException) => error.code ?? "unknown");
  if (stats === "ENOENT") return { path, fault: undefined, files: [] };
  if (typeof stats === "string")
    return { path, fault: `${path} cannot be looked at (${stats})`, files: [] };
  if (!stats.isDirectory()) return { path, fault: `${path} is not a folder`, files: [] };
  const names = await readdir(path).catch(() => undefined);
  if (names === undefined || !(await may(path, constants.W_OK))) {
    return { path, fault: `${path} may not be written to by this user`, files: [] };
  }
  // Whoever may not enter the folder reads no file in it.
  const entered = (stats.mode & 0o011) !== 0;
  const files = await Promise.all(
    names
      .filter((name) => /\.jsonl(\.gz|\.zst)?$/.test(name))
      .map((name) => fileAt(join(path, name), entered)),
  );
  return { path, fault: undefined, files: files.filter((file) => file !== undefined) };
}

async function fileAt(path: string, entered: boolean): Promise<TelemetryFile | undefined> {
  const stats = await stat(path).catch(() => undefined);
  if (stats === undefined || !stats.isFile()) return undefined;
  return {
    path,
    sizeBytes: stats.size,
    writtenAt: stats.mtimeMs,
    readable: await may(path, constants.R_OK),
    open: entered && (stats.mode & 0o044) !== 0,
  };
}

function may(path: string, mode: number): Promise<boolean> {
  return access(path, mode).then(
    () => true,
    () => false,
  );
}
