import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";

/** Recordings are taken from here; CCTELEMETRY_FIXTURES names a larger set of the same shape. */
const telemetryFolder =
  process.env["CCTELEMETRY_FIXTURES"] ??
  fileURLToPath(new URL("../../fixtures/telemetry/", import.meta.url));

/** The absolute path of a recorded file or folder, named relative to fixtures/telemetry. */
export function fixture(relativePath: string): string {
  return join(telemetryFolder, relativePath);
}

/** The bytes of a recorded file; one that is kept gzipped is unpacked. */
async function fixtureBytes(relativePath: string): Promise<Buffer> {
  const bytes = await readFile(fixture(relativePath));
  return relativePath.endsWith(".gz") ? gunzipSync(bytes) : bytes;
}

/** The names of all runs that have a truth file, sorted. */
export async function runNames(): Promise<string[]> {
  const ending = ".truth.json";
  const names = await readdir(telemetryFolder);
  return names
    .filter((name) => name.endsWith(ending))
    .map((name) => name.slice(0, -ending.length))
    .sort();
}

/**
 * Lays out the rotated recording in `folder`, unpacked, with the backup names of
 * older (`lumberjack`) or newer (`timberjack`) Collectors, and returns the path
 * of the current file.
 */
export async function layOutRotation(
  folder: string,
  style: "lumberjack" | "timberjack",
): Promise<string> {
  const source = "modes/rotation-lumberjack";
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(fixture(source))) {
    const bytes = await fixtureBytes(`${source}/${name}`);
    await writeFile(join(folder, plainName(name, style)), bytes);
  }
  return join(folder, "otel.jsonl");
}

function plainName(name: string, style: "lumberjack" | "timberjack"): string {
  const backup = /^(otel-.*)\.jsonl(?:\.gz)?$/.exec(name);
  if (backup === null) return name;
  return style === "timberjack" ? `${backup[1]}-size.jsonl` : `${backup[1]}.jsonl`;
}
