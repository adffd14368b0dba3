import { spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { absolute } from "./source-tree.ts";

const program = absolute("packages/cli/dist/cctelemetry.mjs");
const child = absolute("test/support/import-child.mjs");

/** How an import ended. */
export interface ImportEnd {
  /** Null for one that was killed. */
  readonly code: number | null;
  /** What it said on stderr. */
  readonly said: string;
  /** Milliseconds from the beginning of the import itself to its end. */
  readonly tookMs: number;
}

export interface ImportWish {
  readonly database: string;
  readonly paths: readonly string[];
  /** Rows of one transaction; left out, the command line program runs with its own. */
  readonly leaseRows?: number;
  /** When to kill it, milliseconds after it began. */
  readonly killAfterMs?: number;
}

/** Runs an import in a process of its own, to its end or until it is killed with SIGKILL. */
export function runImport(wish: ImportWish): Promise<ImportEnd> {
  const { database, paths, leaseRows, killAfterMs } = wish;
  const own = [child, database, String(leaseRows), ...paths];
  const args = leaseRows === undefined ? [program, "import", ...paths, "--db", database] : own;
  return new Promise((resolve, reject) => {
    const importer = spawn(process.execPath, args, {
      env: { ...process.env, CCTELEMETRY_HOME: join(tmpdir(), "cctelemetry-test-home") },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let began = performance.now();
    let said = "";
    let timer: NodeJS.Timeout | undefined;
    const arm = (): void => {
      began = performance.now();
      if (killAfterMs !== undefined)
        timer = setTimeout(() => importer.kill("SIGKILL"), killAfterMs);
    };
    // The program does not say when it begins; its start is part of the time.
    if (leaseRows === undefined) arm();
    else importer.stdout.once("data", arm);
    importer.stdout.resume();
    importer.stderr.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
    importer.on("error", reject);
    importer.on("close", (code) => {
      clearTimeout(timer);
      resolve({ code, said, tookMs: performance.now() - began });
    });
  });
}
