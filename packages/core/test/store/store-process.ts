import { spawn } from "node:child_process";
import { mkdir, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("../../../../", import.meta.url));

/** A folder for one test. */
export function newFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), "cctelemetry-store-"));
}

/** The script of `store-entry.ts`, bundled below node_modules, where it finds the engine's binding. */
export async function buildStoreChild(): Promise<string> {
  const folder = join(root, "node_modules/.cache/cctelemetry-test");
  await mkdir(folder, { recursive: true });
  const outfile = join(folder, `store-child-${process.pid}.mjs`);
  await build({
    entryPoints: [fileURLToPath(new URL("./store-entry.ts", import.meta.url))],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    loader: { ".sql": "text" },
    external: ["@duckdb/node-bindings*"],
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
    logLevel: "error",
  });
  return outfile;
}

/** Runs a command to its end; gives what it wrote, and throws what it complained of. */
export function output(command: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
    let out = "";
    let errors = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      out += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      errors += text;
    });
    child.on("error", reject);
    child.on("close", (code) =>
      code === 0 ? resolve(out) : reject(new Error(errors || `${code}`)),
    );
  });
}
