import { spawn } from "node:child_process";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeEmptyDatabase } from "../../core/test/support/telemetry.ts";

const program = fileURLToPath(new URL("../dist/cctelemetry.mjs", import.meta.url));
const recording = fileURLToPath(
  new URL("../../../fixtures/telemetry/L-workflow.jsonl", import.meta.url),
);

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** A shell line that `"$@"` stands for the program in. */
  readonly shell?: string;
}

/** A folder of its own, with a database in it that holds one recorded workflow. */
export async function makeHome(): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), "cctelemetry-cli-"));
  await writeEmptyDatabase(join(home, "telemetry.duckdb"));
  const outcome = await run(home, ["import", recording]);
  if (outcome.code !== 0) throw new Error(outcome.stderr);
  return home;
}

/** Runs the built program with its places below `home`. */
export function run(
  home: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Outcome> {
  const words = [process.execPath, program, ...args];
  const [command = "", ...rest] =
    options.shell === undefined ? words : ["bash", "-c", options.shell, "bash", ...words];
  const { FORCE_COLOR: _forced, NO_COLOR: _none, COLUMNS: _columns, ...inherited } = process.env;
  const child = spawn(command, rest, {
    cwd: home,
    env: { ...inherited, TZ: "UTC", CCTELEMETRY_HOME: home, ...options.env },
  });
  const text = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (more: string) => {
    text.stdout += more;
  });
  child.stderr.setEncoding("utf8").on("data", (more: string) => {
    text.stderr += more;
  });
  child.stdin.on("error", () => undefined);
  child.stdin.end(options.stdin ?? "");
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, ...text }));
  });
}
