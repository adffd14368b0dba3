import { mkdir, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { KnownError } from "../../src/errors.ts";
import { runSandboxed } from "../../src/store/sandbox.ts";
import { type QueryOptions, runQuery, startQueryChild } from "../../src/store/sandbox-process.ts";
import type {
  SandboxColumn,
  SandboxMessage,
  SandboxRequest,
} from "../../src/store/sandbox-wire.ts";
import type { Value } from "../../src/store/session.ts";
import { openStoreWith } from "../../src/store/store.ts";
import { definition } from "./sandbox-definition.ts";

const root = fileURLToPath(new URL("../../../../", import.meta.url));

/** A folder of its own with a small database in it. */
export async function makeStore(
  name = "telemetry.duckdb",
): Promise<{ folder: string; path: string }> {
  const folder = await mkdtemp(join(tmpdir(), "cctelemetry-sandbox-"));
  const path = join(folder, name);
  const store = await openStoreWith(definition, path);
  await store.writing(() => Promise.resolve());
  await store.close();
  return { folder, path };
}

/** The child's script, bundled below node_modules, where it finds the engine's binding. */
export async function buildChild(): Promise<string> {
  const folder = join(root, "node_modules/.cache/cctelemetry-test");
  await mkdir(folder, { recursive: true });
  const outfile = join(folder, `sandbox-child-${process.pid}.mjs`);
  await build({
    entryPoints: [fileURLToPath(new URL("./sandbox-entry.ts", import.meta.url))],
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

export interface Answer {
  readonly columns: readonly SandboxColumn[];
  readonly rows: readonly (readonly Value[])[];
  readonly cut: "rows" | "bytes" | undefined;
}

/** Runs one query in a child of its own. */
export async function ask(
  script: string,
  path: string,
  sql: string,
  options: Partial<SandboxRequest> = {},
  process: Partial<QueryOptions> = {},
): Promise<Answer> {
  const answer = { columns: [] as readonly SandboxColumn[], rows: [] as (readonly Value[])[] };
  const request = { ...requestOf(path, sql), ...options };
  const events = runQuery(request, {
    start: () => startQueryChild(script),
    renewViews: () => Promise.reject(new Error("The views are of another version.")),
    ...process,
  });
  for await (const event of events) {
    if (event.kind === "columns") answer.columns = event.columns;
    if (event.kind === "rows") answer.rows.push(...event.rows);
    if (event.kind === "done") return { ...answer, cut: event.cut };
  }
  throw new Error("The query had no end.");
}

/** Runs one query as the child does, but in this process: a fortieth of the time. */
export async function askHere(path: string, sql: string): Promise<Answer> {
  const messages: SandboxMessage[] = [];
  await runSandboxed(requestOf(path, sql), definition, (message) => {
    messages.push(message);
    return Promise.resolve(0);
  });
  const answer = { columns: [] as readonly SandboxColumn[], rows: [] as (readonly Value[])[] };
  for (const message of messages) {
    if (message.kind === "failed") {
      throw new KnownError(
        message.code,
        message.message,
        message.hint === undefined ? {} : { hint: message.hint },
      );
    }
    if (message.kind === "columns") answer.columns = message.columns;
    if (message.kind === "rows") answer.rows.push(...message.rows);
    if (message.kind === "done") return { ...answer, cut: message.cut };
  }
  throw new Error(`The query ended with ${messages.at(-1)?.kind}.`);
}

function requestOf(path: string, sql: string): SandboxRequest {
  return {
    path,
    sql,
    parameters: {},
    maxRows: 10_000,
    maxBytes: 0,
    timeoutMs: 30_000,
    waitMs: 30_000,
    timeZone: "UTC",
  };
}

/** The KnownError a query in a child of its own ends with. */
export function refusal(
  script: string,
  path: string,
  sql: string,
  options: Partial<SandboxRequest> = {},
): Promise<KnownError> {
  return knownFrom(ask(script, path, sql, options));
}

/** The KnownError a query in this process ends with. */
export function refusalHere(path: string, sql: string): Promise<KnownError> {
  return knownFrom(askHere(path, sql));
}

async function knownFrom(asked: Promise<Answer>): Promise<KnownError> {
  const outcome = await asked.then(
    (answer) => new Error(`answered ${JSON.stringify(answer.rows, (_, each) => String(each))}`),
    (error: unknown) => error,
  );
  if (outcome instanceof KnownError) return outcome;
  throw outcome;
}
