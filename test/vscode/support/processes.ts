import { readdir, readFile } from "node:fs/promises";
import type { Desk } from "./desk.ts";

/** The children that do the extension's work, one per window of a desk, by process id. */
export function childrenOf(desk: Desk): Promise<readonly number[]> {
  return processesWith(desk.extensions, "/dist/child/main.mjs");
}

/** The extension hosts of a desk. */
export function hostsOf(desk: Desk): Promise<readonly number[]> {
  return processesWith("--type=extensionHost", "", desk.folder);
}

/** Processes whose command line has both texts, or whose environment has the third. */
async function processesWith(
  first: string,
  second: string,
  environment = "",
): Promise<readonly number[]> {
  const names = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    names.map(async (name) => {
      const commandLine = await readFile(`/proc/${name}/cmdline`, "utf8").catch(() => "");
      if (!(commandLine.includes(first) && commandLine.includes(second))) return [];
      const known = await readFile(`/proc/${name}/environ`, "utf8").catch(() => "");
      return known.includes(environment) ? [Number(name)] : [];
    }),
  );
  return found.flat().sort((a, b) => a - b);
}

/** Memory of a process, bytes: what is its own, and that with the pages of program files. */
export async function residentBytes(process: number): Promise<{ own: number; all: number }> {
  const status = await readFile(`/proc/${process}/status`, "utf8");
  const bytes = (name: string): number =>
    Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1] ?? Number.NaN) * 1024;
  return { own: bytes("RssAnon") + bytes("RssShmem"), all: bytes("VmRSS") };
}
