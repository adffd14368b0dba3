import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { openStore } from "@cctelemetry/core";
import { writeEmptyDatabase } from "../../../packages/core/test/support/telemetry.ts";
import { run } from "../../support/cli.ts";
import { absolute } from "../../support/source-tree.ts";
import type { Arrival, Ledger } from "./ledger.ts";

/** Something that follows a file and can be asked what it has read. */
export interface Reader {
  /** Starts the process; resolves when it has read what is there. */
  start(): Promise<void>;
  /** Ends it as a user does; gives what is wrong with the way it ended. */
  stop(): Promise<readonly string[]>;
  /** Ends it as a power cut does. */
  kill(): Promise<void>;
  /** Different records that arrived so far. */
  count(): Promise<number>;
  arrival(): Promise<Arrival>;
}

export interface ReaderWish {
  /** A folder for what the reader keeps. */
  readonly folder: string;
  readonly path: string;
  /** More to follow. */
  readonly morePaths?: readonly string[];
  readonly ledger: Ledger;
  /** A program that starts the reader, with its arguments; the command line is appended. */
  readonly launcher?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Where the database is; in the folder where left out. */
  readonly database?: string;
  /** True if the reader is to find an empty database, which it need not create. */
  readonly prepared?: boolean;
  /** True where only programs started by the launcher see the database. */
  readonly hidden?: boolean;
}

const child = process.env["FOLLOW_CHILD"] ?? absolute("test/support/follow-child.mjs");

/** How long a follower may take until it is ready or has ended, milliseconds. */
const PATIENCE_MS = 120_000;

/** A follower of this project, in a process of its own. */
export class FollowReader implements Reader {
  readonly database: string;
  private readonly wish: ReaderWish;
  private process: Spawned | undefined;

  constructor(wish: ReaderWish) {
    this.wish = wish;
    this.database = wish.database ?? join(wish.folder, "store.duckdb");
  }

  /** The process id of the follower that runs. */
  get pid(): number | undefined {
    return this.process?.child.pid;
  }

  async start(): Promise<void> {
    const { path, morePaths = [], launcher = [], env = {} } = this.wish;
    const paths = [path, ...morePaths];
    if (this.wish.prepared === true && !existsSync(this.database)) {
      await writeEmptyDatabase(this.database);
    }
    const command = [...launcher, process.execPath, child, this.database, ...paths];
    this.process = new Spawned(command, { CCTELEMETRY_HOME: home, ...env });
    await this.process.says(/"kind":"ready"/);
  }

  async stop(): Promise<readonly string[]> {
    const problems = (await this.process?.end("SIGTERM")) ?? [];
    this.process = undefined;
    return problems;
  }

  async kill(): Promise<void> {
    await this.process?.end("SIGKILL");
    this.process = undefined;
  }

  async count(): Promise<number> {
    const [row] = await this.rows("SELECT count(DISTINCT request_id) AS n FROM log_records");
    return Number(row?.["n"] ?? 0);
  }

  /**
   * Records that are stored, those stored twice counted twice. Asked ten times a second while a
   * million records come in: it counts the table, where {@link count} has a view find the stages.
   */
  async rowCount(): Promise<number> {
    const [row] = await this.rows("SELECT count(*) AS n FROM base.api_request_logs");
    return Number(row?.["n"] ?? 0);
  }

  /** Which records are stored. */
  async stored(): Promise<ReadonlySet<string>> {
    const rows = await this.rows("SELECT request_id FROM log_records");
    return new Set(rows.map((row) => String(row["request_id"])));
  }

  async arrival(): Promise<Arrival> {
    return arrivalIn(await this.content(), this.wish.ledger);
  }

  /** Everything that is stored and rejected. */
  async content(): Promise<Content> {
    const records = await this.rows(
      "SELECT request_id AS id, attributes->>'note' AS note FROM log_records",
    );
    // A copy that ends before what was read of the original has the same damage once more.
    const rejected = await this.rows(
      `SELECT DISTINCT ON (parse_dirpath(path), byte_offset, line_hash)
         path, byte_offset, byte_length, reason, detail
       FROM rejected_lines ORDER BY ALL`,
    );
    return {
      records: records.map(({ id, note }) => ({ id: String(id), note: String(note) })),
      rejected: rejected.map((row) => ({ path: String(row["path"]), place: placeOf(row) })),
    };
  }

  /** Rows of the database; none as long as there is no database. */
  private async rows(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
    if (this.wish.hidden === true) return this.rowsAsked(sql);
    const store = await openStore(this.database);
    try {
      return store.exists ? await store.reading((session) => session.rows(sql)) : [];
    } finally {
      await store.close();
    }
  }

  /** The same by the command line program; none where it fails. */
  private async rowsAsked(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
    const { launcher = [] } = this.wish;
    const args = ["query", sql, "--json", "--db", this.database];
    const { code, stdout } = await run(args, { launcher });
    return code === 0 ? (JSON.parse(stdout) as Record<string, unknown>[]) : [];
  }
}

/** What a database holds. */
export interface Content {
  readonly records: readonly { readonly id: string; readonly note: string }[];
  readonly rejected: readonly { readonly path: string; readonly place: string }[];
}

/** Counts what is stored of the records of one ledger. */
export function arrivalIn({ records, rejected }: Content, ledger: Ledger): Arrival {
  const times = new Map<string, number>();
  const altered: string[] = [];
  for (const { id, note } of records) {
    times.set(id, (times.get(id) ?? 0) + 1);
    if (ledger.noteOf(id) !== note) altered.push(id);
  }
  return { times, altered, rejected: rejected.map(({ place }) => place) };
}

/** Where a rejected line lies and why it was rejected. */
function placeOf(row: Readonly<Record<string, unknown>>): string {
  const { path, byte_offset, byte_length, reason, detail } = row;
  return `${basename(String(path))}:${byte_offset}+${byte_length} ${reason} (${detail})`;
}

const home = join(tmpdir(), "cctelemetry-test-home");

/** A child process: what it says, and how it ends. */
export class Spawned {
  readonly child: ChildProcess;
  private said = "";
  private complained = "";
  private readonly ended: Promise<number | null>;
  private listener: (() => void) | undefined;

  constructor(
    [program = "", ...args]: readonly string[],
    env: Readonly<Record<string, string>>,
    onBytes?: (chunk: Buffer) => void,
  ) {
    this.child = spawn(program, args, {
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.child.stdout?.on("data", (chunk: Buffer) => {
      if (onBytes === undefined) this.said += chunk.toString("utf8");
      else onBytes(chunk);
      this.listener?.();
    });
    this.child.stderr?.on("data", (chunk: Buffer) => {
      this.complained += chunk.toString("utf8");
    });
    this.ended = new Promise((resolve) => {
      this.child.on("error", () => resolve(127));
      this.child.on("close", (code) => {
        resolve(code);
        this.listener?.();
      });
    });
  }

  /** Waits for a line on stdout; throws where the process ends or the patience does. */
  says(pattern: RegExp): Promise<void> {
    return new Promise((resolve, reject) => {
      const give = (what: string): void =>
        reject(new Error(`the reader ${what}: ${this.complained.slice(0, 2_000)}`));
      const timer = setTimeout(() => give(`did not say ${pattern}`), PATIENCE_MS);
      const look = (): void => {
        if (!pattern.test(this.said)) return;
        clearTimeout(timer);
        this.listener = undefined;
        resolve();
      };
      this.listener = look;
      look();
      void this.ended.then((code) => {
        clearTimeout(timer);
        give(`ended with ${code}`);
      });
    });
  }

  /** Sends the signal and waits for the end; gives what is wrong with the end after SIGTERM. */
  async end(signal: "SIGTERM" | "SIGKILL"): Promise<readonly string[]> {
    const ranUntilNow = this.child.exitCode === null && this.child.signalCode === null;
    this.child.kill(signal);
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      this.child.kill("SIGKILL");
    }, PATIENCE_MS);
    const code = await this.ended;
    clearTimeout(timer);
    if (signal === "SIGKILL") return [];
    if (!ranUntilNow)
      return [`the reader had ended with ${code}: ${this.complained.slice(0, 500)}`];
    if (late) return [`the reader did not end within ${PATIENCE_MS} ms of SIGTERM`];
    return code === 0 ? [] : [`the reader ended with ${code}: ${this.complained.slice(0, 500)}`];
  }
}
