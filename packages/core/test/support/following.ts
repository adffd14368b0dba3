import { appendFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { Follower, type FollowOptions } from "../../src/ingest/follow.ts";
import { importPaths } from "../../src/ingest/import.ts";
import type { StoreDefinition } from "../../src/store/schema.ts";
import type { Value } from "../../src/store/session.ts";
import { openStoreWith, type Store } from "../../src/store/store.ts";
import { line, request } from "./otlp.ts";

type Row = Readonly<Record<string, Value>>;

/** A folder with a store in it, and followers of files in that folder. */
export class Following {
  readonly folder: string;
  readonly store: Store;
  private follower: Follower | undefined;

  private constructor(folder: string, store: Store) {
    this.folder = folder;
    this.store = store;
  }

  /** Removed when the test ends. What is built over its tables is left out unless it is given. */
  static async open(definition: StoreDefinition = { statements: [] }): Promise<Following> {
    const folder = await mkdtemp(join(tmpdir(), "cctelemetry-"));
    const options = { writes: "small" } as const;
    const store = await openStoreWith(definition, join(folder, "store.duckdb"), options);
    const following = new Following(folder, store);
    onTestFinished(async () => {
      await following.stop();
      await store.close();
      await rm(folder, { recursive: true, force: true });
    });
    return following;
  }

  /** A path in the folder. */
  path(name: string): string {
    return join(this.folder, name);
  }

  /** Follows until everything that is there is stored. */
  async start(names: readonly string[], options: FollowOptions = {}): Promise<Follower> {
    const follower = new Follower(
      this.store,
      names.map((name) => this.path(name)),
      options,
    );
    this.follower = follower;
    await follower.ready;
    return follower;
  }

  /** Ends the following. */
  async stop(): Promise<void> {
    const { follower } = this;
    this.follower = undefined;
    await follower?.close();
  }

  /** Appends to a file. */
  append(name: string, text: string): void {
    appendFileSync(this.path(name), text);
  }

  /** Imports files of the folder, as another process would meanwhile. */
  async import(...names: readonly string[]): Promise<void> {
    await importPaths(
      this.store,
      names.map((name) => this.path(name)),
    );
  }

  /** Numbers of the lines whose records are stored, in order. */
  async stored(): Promise<readonly number[]> {
    const rows = await this.rows("SELECT request_id FROM base.api_request_logs");
    return rows.map((row) => Number(String(row["request_id"]).slice(4))).sort((a, b) => a - b);
  }

  /** Waits until these lines are stored, and fails when others are or when it takes too long. */
  async expectStored(numbers: readonly number[], timeoutMs = 60_000): Promise<void> {
    const wanted = JSON.stringify(numbers);
    const until = performance.now() + timeoutMs;
    let found = "";
    while (found !== wanted && performance.now() < until) {
      await pause(50);
      found = JSON.stringify(this.store.exists ? await this.stored() : []);
    }
    if (found !== wanted) throw new Error(`stored are ${found}, not ${wanted}`);
  }

  /** What was rejected: reason and place. */
  rejected(): Promise<readonly Row[]> {
    return this.rows(
      "SELECT reason, parse_filename(path) AS file, byte_offset::INT AS at FROM rejected_lines ORDER BY ALL",
    );
  }

  /** The files that the store knows. */
  files(): Promise<readonly Row[]> {
    return this.rows(
      `SELECT parse_filename(path) AS file, cursor_offset::INT AS read, lines::INT AS lines,
         records::INT AS records FROM source_files ORDER BY ALL`,
    );
  }

  private rows(sql: string): Promise<readonly Row[]> {
    return this.store.peeking((session) => session.rows(sql));
  }
}

/** Lines with a request each, by number, each with its line feed. */
export function lines(...numbers: readonly number[]): string {
  return numbers.map((number) => `${lineNumber(number)}\n`).join("");
}

/** One line without its line feed; the number makes it differ from all others. */
export function lineNumber(number: number): string {
  const at = new Date(Date.UTC(2026, 10, 21) + number * 1000).toISOString();
  return line(request(at, { request_id: `req_${number}` }));
}

/** The numbers from one to another. */
export function range(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_, at) => from + at);
}

/** Milliseconds go by. */
export function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}

/** Waits until something holds; fails when it takes too long. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  timeoutMs = 60_000,
): Promise<void> {
  const end = performance.now() + timeoutMs;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`not within ${timeoutMs} ms: ${what}`);
    await pause(20);
  }
}
