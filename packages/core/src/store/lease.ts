import { rmSync, type Stats, statSync } from "node:fs";
import { KnownError } from "../errors.ts";
import { createDatabase } from "./create.ts";
import type { Database } from "./database.ts";
import { explain, failureOf, isFatal } from "./lock.ts";
import { LockQueue } from "./lock-queue.ts";
import type { Session } from "./session.ts";
import { STORE } from "./statements.ts";
import { sessionOn } from "./values.ts";
import { checkLog, logAt, putLogAside } from "./write-ahead-log.ts";

/** What leases write: a few large batches, or rows as they come, a handful at a time. */
export type Writes = "bulk" | "small";

/** What a lease is for. */
export type Purpose = "read" | Writes;

/**
 * Rows up to which small writes are merged into one row group. What a lease rewrites for that is
 * bounded by it, and what a bulk import wrote is left as it is.
 */
const SMALL_FORMAT = "ROW_GROUP_SIZE 4096";

/**
 * Rows of a row group that bulk work writes. A table that gets as many at once has them compressed
 * as they come and put into the file as they are; with fewer the commit copies them once more.
 */
const BULK_FORMAT = "ROW_GROUP_SIZE 8192";

/** While another process waits, bulk work stays away this many times as long as it held the database. */
const REST_TIMES = 3;
const MOST_REST_MS = 750;

/** Queued reads share one lease for this long, milliseconds: the buffer cache stays warm. */
const SHARED_MS = 500;

/** How long those that waited are remembered: leases stay short until then, milliseconds. */
const CONTENDED_MS = 2_000;

/** Work that waits for a lease. */
interface Job {
  readonly purpose: Purpose;
  /** Does it; gives how to say so to whoever asked for it. */
  readonly work: (session: Session) => Promise<() => void>;
  readonly fail: (reason: unknown) => void;
}

/**
 * The leases of one process on one database file, one after the other. Whatever fails in one of
 * them, the next can be had: the file may be gone, new, full or replaced by then.
 */
export class Leases {
  /** How long the last lease waited for its turn among the programs that use the database, milliseconds. */
  waitedMs = 0;
  /** How long the last lease kept others from the database, milliseconds. */
  heldMs = 0;
  private readonly path: string;
  private readonly database: Database;
  private waitMs: number;
  private readonly queue: LockQueue;
  private readonly jobs: Job[] = [];
  /** Restarts of the engine that are needed outside of a lease; each is done between two leases. */
  private readonly restarts: (() => Promise<void>)[] = [];
  private working = false;
  private work: Promise<void> = Promise.resolve();
  private closed = false;
  private contendedAt = Number.NEGATIVE_INFINITY;
  private released = Number.NEGATIVE_INFINITY;
  private attached = false;
  /** False after the engine ended and no new one could be started. */
  private hasEngine = true;

  private readonly onRepair: ((sentence: string) => void) | undefined;

  /** Without `onRepair` a damaged log is left as it is, and every lease fails. */
  constructor(
    path: string,
    database: Database,
    waitMs: number,
    onRepair: ((sentence: string) => void) | undefined,
  ) {
    this.path = path;
    this.database = database;
    this.onRepair = onRepair;
    this.waitMs = waitMs;
    this.queue = new LockQueue(path);
  }

  /** Whether another process waited for the database within the last seconds. */
  get contended(): boolean {
    return performance.now() - this.contendedAt < CONTENDED_MS;
  }

  /** Runs work while the database is attached; only a purpose other than "read" creates it. */
  run<T>(purpose: Purpose, work: (session: Session) => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.closed) {
        reject(closedError(this.path));
        return;
      }
      const job = async (session: Session): Promise<() => void> => {
        const result = await work(session);
        return () => resolve(result);
      };
      this.jobs.push({ purpose, work: job, fail: reject });
      this.begin();
    });
  }

  private begin(): void {
    if (!this.working) this.work = this.workOff();
  }

  /** Refuses work that waits or comes later, and resolves when the lease that runs has ended. */
  async close(): Promise<void> {
    this.closed = true;
    for (const { fail } of this.jobs.splice(0)) fail(closedError(this.path));
    await this.work;
  }

  /** From now on a lock is waited for no longer than this, milliseconds; gives how to call that off. */
  hurry(waitMs: number): () => void {
    const before = this.waitMs;
    this.waitMs = Math.min(before, waitMs);
    return () => {
      this.waitMs = before;
    };
  }

  /**
   * Starts a new engine if a failure beside the leases ended the one of this life: when the lease that
   * runs has ended, and unless that has started one already. Gives the failure to report.
   */
  afterFailureBeside(error: unknown, life: number): Promise<unknown> {
    if (!isFatal(error) || this.closed) return Promise.resolve(error);
    return new Promise((resolve) => {
      this.restarts.push(async () => {
        resolve(life === this.database.life ? await this.afterFailure(error) : error);
      });
      this.begin();
    });
  }

  /** Looks whether somebody waits. Small writes are merged when nobody does. */
  async beforeCommit(purpose: Writes): Promise<void> {
    if (this.queue.busy) this.contendedAt = performance.now();
    await this.database.mergeRowGroups(purpose === "small" && !this.contended);
  }

  private async workOff(): Promise<void> {
    this.working = true;
    for (;;) {
      const restart = this.restarts.shift();
      const job = restart === undefined ? this.jobs.shift() : undefined;
      if (restart !== undefined) await restart();
      else if (job !== undefined) await this.lease(job);
      else break;
    }
    this.working = false;
  }

  private async lease(first: Job): Promise<void> {
    const { purpose } = first;
    let job = first;
    try {
      if (!this.hasEngine) await this.startEngine();
      if (this.attached) await this.letGo().catch(() => undefined);
      if (purpose === "bulk" && this.contended) await this.rest();
      await this.attach(purpose);
      const began = performance.now();
      const session = sessionOn(this.database.connection, { steady: purpose === "read" });
      let notify = await job.work(session);
      for (;;) {
        const next = this.sharing(purpose, began);
        if (next === undefined) break;
        notify();
        job = next;
        notify = await job.work(session);
      }
      await this.letGo();
      this.released = performance.now();
      this.heldMs = this.released - began;
      if (this.queue.busy) this.contendedAt = performance.now();
      notify();
    } catch (error) {
      // The first failure is reported, not one of the clean-up after it.
      if (this.attached) await this.letGo().catch(() => undefined);
      job.fail(explain(await this.afterFailure(error), this.path));
    }
  }

  /** The read that follows another in a lease that began then, if nobody else waits for the database. */
  private sharing(purpose: Purpose, began: number): Job | undefined {
    const both = purpose === "read" && this.jobs[0]?.purpose === "read";
    if (!both || performance.now() - began >= SHARED_MS || this.queue.busy) return undefined;
    return this.jobs.shift();
  }

  /**
   * Starts a new engine if the failure ended this one. Gives the failure to report: that no engine
   * can be had, if so; the next lease tries again.
   */
  private async afterFailure(error: unknown): Promise<unknown> {
    if (!isFatal(error)) return error;
    try {
      await this.startEngine();
      return error;
    } catch (noEngine) {
      return noEngine;
    }
  }

  private async startEngine(): Promise<void> {
    this.hasEngine = false;
    await this.database.revive();
    this.hasEngine = true;
    this.attached = false;
  }

  private async rest(): Promise<void> {
    const left =
      this.released + Math.min(REST_TIMES * this.heldMs, MOST_REST_MS) - performance.now();
    if (left > 0) await new Promise((done) => setTimeout(done, left));
  }

  private async attach(purpose: Purpose): Promise<void> {
    const wait = () => this.waitMs;
    const options = {
      access: purpose === "read" ? ("read" as const) : ("write" as const),
      get waitMs() {
        return wait();
      },
      bulk: purpose === "bulk",
    };
    const { waitedMs } = await this.queue.acquire(() => this.attachOrRepair(purpose), options);
    this.waitedMs = waitedMs;
  }

  /** Attaches the file, after what a writer that was killed may have left is out of the way. */
  private async attachOrRepair(purpose: Purpose): Promise<void> {
    const logBefore = logAt(this.path);
    try {
      await this.tryToAttach(purpose);
    } catch (error) {
      if (!(await this.repaired(error, purpose, logBefore))) throw error;
      await this.tryToAttach(purpose);
    }
  }

  /** True where the file may be attached now. */
  private async repaired(
    error: unknown,
    purpose: Purpose,
    logBefore: Stats | undefined,
  ): Promise<boolean> {
    // Its database was replaced since, or a byte of it is not as it was written.
    if (failureOf(error) === "damaged log") return await this.putLogAside(logBefore);
    // Killed before it had written anything, or the disk was full.
    if (purpose === "read" || fileAt(this.path)?.size !== 0) return false;
    if (!/not a valid duckdb/i.test(String(error))) return false;
    rmSync(this.path);
    return true;
  }

  private async putLogAside(found: Stats | undefined): Promise<boolean> {
    if (found === undefined || this.onRepair === undefined) return false;
    try {
      const said = await putLogAside(this.path, found, this.database.connection);
      if (said !== undefined && said !== "") this.onRepair(said);
      return said !== undefined;
    } catch (error) {
      // Another process has the database by now: the next turn sees what it made of it.
      if (failureOf(error) === "locked") throw error;
      return false;
    }
  }

  private async tryToAttach(purpose: Purpose): Promise<void> {
    const found = fileAt(this.path);
    // The engine would wait for ever at a pipe.
    if (found !== undefined && !found.isFile()) throw notAFile(this.path);
    const { connection } = this.database;
    if (found === undefined && purpose !== "read") await createDatabase(this.path, connection);
    checkLog(this.path);
    const options = [
      purpose === "read" ? "READ_ONLY" : "READ_WRITE",
      ...(purpose === "read" ? [] : [purpose === "small" ? SMALL_FORMAT : BULK_FORMAT]),
    ];
    const path = this.path.replaceAll("'", "''");
    await connection.run(`ATTACH '${path}' AS ${STORE} (${options.join(", ")})`);
    this.attached = true;
    await connection.run(`USE ${STORE}`);
  }

  /**
   * Detaching writes what the log still holds into the file, so the disk may turn out to be full
   * here. A database that failed takes its connection along; a new one can still let go of it.
   */
  private async letGo(): Promise<void> {
    this.database.endLease();
    try {
      await this.database.connection.run(`USE memory; DETACH ${STORE}`);
      this.attached = false;
    } catch (error) {
      await this.database.reconnect();
      await this.database.connection.run(`DETACH DATABASE IF EXISTS ${STORE}`);
      this.attached = false;
      throw error;
    }
  }
}

function closedError(path: string): KnownError {
  return new KnownError("cancelled", `${path} was closed before it could be asked.`);
}

function fileAt(path: string): Stats | undefined {
  return statSync(path, { throwIfNoEntry: false });
}

function notAFile(path: string): KnownError {
  return new KnownError("store-unwritable", `${path} is not a file.`, {
    hint: "Remove what is there, or name another database with --db.",
  });
}
