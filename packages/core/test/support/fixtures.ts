import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The recorded telemetry that comes with the repository. */
export const telemetry = fileURLToPath(new URL("../../../../fixtures/telemetry/", import.meta.url));

/** Paths of the recorded files that end in one of these, below the telemetry, sorted. */
export function recordedFiles(...endings: readonly string[]): string[] {
  return readdirSync(telemetry, { recursive: true, encoding: "utf8" })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => endings.some((ending) => path.endsWith(ending)))
    .sort();
}

/** The lines of a recorded file, without their line feeds; what follows the last one is a line too. */
export function linesOf(path: string): Buffer[] {
  const bytes = readFileSync(telemetry + path);
  const lines: Buffer[] = [];
  for (let from = 0; from < bytes.length; ) {
    const to = bytes.indexOf(0x0a, from);
    const end = to < 0 ? bytes.length : to;
    if (end > from) lines.push(bytes.subarray(from, end));
    from = end + 1;
  }
  return lines;
}
