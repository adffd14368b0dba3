import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, rmdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { isAlive } from "../is-alive.ts";
import type { Access } from "./database.ts";
import { failureOf } from "./lock.ts";

/** How long to yield to the same waiters before they are treated as stuck, milliseconds. */
const STAND_BACK_MS = 2_000;
/** How long bulk work lets everybody go first before it asks for a turn of its own. */
const PATIENCE_MS = 400;
/** Between two looks: short while leases of this program are waited for, longer for a lock that is held for long. */
const POLL_LEAST_MS = 2;
const POLL_MOST_MS = 25;
/** Age of a file that nobody can wait behind any more. */
const STALE_MS = 120_000;

export interface AcquireOptions {
  readonly access: Access;
  /** How long a lock is waited for, milliseconds; may shrink meanwhile. */
  readonly waitMs: number;
  /** Bulk work comes back at once for more; it lets everybody else go first, within reason. */
  readonly bulk?: boolean;
}

/** What was got, and how long that took, milliseconds. */
export interface Acquired<T> {
  readonly value: T;
  readonly waitedMs: number;
}

/**
 * Where processes wait for a database: a folder beside it with an empty file for each, named by
 * arrival. The lock is the engine's alone; the names only give the order, so nothing depends on
 * them. If the folder cannot be made, everybody tries and the quicker wins.
 */
export class LockQueue {
  private readonly folder: string;
  /** Those that were let go first in vain: stopped, or in another container. */
  private stuck: ReadonlySet<string> = new Set();

  constructor(databasePath: string) {
    this.folder = `${databasePath}.waiting`;
  }

  /** Whether somebody else waits for the database. */
  get busy(): boolean {
    return this.waiting().length > 0;
  }

  /**
   * Runs `attempt` in turn, until it does not fail for a lock. Throws what else
   * it fails for, and the failure for a lock when the wait is over.
   */
  async acquire<T>(attempt: () => Promise<T>, options: AcquireOptions): Promise<Acquired<T>> {
    const { access, bulk } = options;
    const began = performance.now();
    let ticket: string | undefined;
    try {
      for (;;) {
        const waitedMs = performance.now() - began;
        const last = waitedMs >= options.waitMs;
        if (last || this.first(access, ticket, waitedMs)) {
          try {
            const value = await attempt();
            return { value, waitedMs: performance.now() - began };
          } catch (error) {
            if (failureOf(error) !== "locked" || last) throw error;
          }
        }
        if (bulk !== true || waitedMs >= PATIENCE_MS) ticket ??= this.announce(access);
        await pause(Math.min(POLL_MOST_MS, POLL_LEAST_MS + waitedMs / 50) * (0.5 + Math.random()));
      }
    } finally {
      if (ticket !== undefined) this.leave(ticket);
    }
  }

  /** Whether nobody is before the holder of this ticket; readers do not keep each other waiting. */
  private first(access: Access, ticket: string | undefined, waitedMs: number): boolean {
    const before = this.waiting().filter(
      (name) =>
        (ticket === undefined || name < ticket) &&
        !(access === "read" && ticketOf(name).access === "read"),
    );
    if (before.length === 0) return true;
    if (waitedMs < STAND_BACK_MS) return false;
    this.stuck = new Set(before);
    return true;
  }

  /** The tickets of those that wait, as far as they are known to live. */
  private waiting(): readonly string[] {
    const names = listed(this.folder);
    return names.length === 0
      ? names
      : names.filter((name) => !this.stuck.has(name) && this.waits(name));
  }

  private announce(access: Access): string | undefined {
    const ticket = newTicket(access);
    try {
      mkdirSync(this.folder, { recursive: true, mode: 0o700 });
      writeFileSync(join(this.folder, ticket), "");
    } catch {
      return undefined;
    }
    this.sweep();
    return ticket;
  }

  private leave(ticket: string): void {
    quietly(() => rmSync(join(this.folder, ticket), { force: true }));
    // Fails while others wait, which is as it should be.
    quietly(() => rmdirSync(this.folder));
  }

  /** Removes the files of processes that died while they waited. */
  private sweep(): void {
    for (const name of listed(this.folder)) {
      quietly(() => {
        if (!lives(name) || this.isStale(name)) rmSync(join(this.folder, name));
      });
    }
  }

  /** Of what waits on another host only the age is known: it may not even be ours to remove. */
  private waits(name: string): boolean {
    return lives(name) && (ticketOf(name).host === HOST || !this.isStale(name));
  }

  /** Whether a ticket is as old as none is that somebody still waits with; a clock that was wrong leaves times that lie ahead. */
  private isStale(name: string): boolean {
    const made = statSync(join(this.folder, name), { throwIfNoEntry: false })?.mtimeMs;
    return made === undefined || Math.abs(Date.now() - made) > STALE_MS;
  }
}

/** Process ids say nothing across containers that share a folder. */
const HOST = createHash("sha256").update(hostname()).digest("hex").slice(0, 8);

/** Sorts by arrival: all processes of a machine share this clock, and nobody sets it. */
function newTicket(access: Access): string {
  const time = String(process.hrtime.bigint()).padStart(20, "0");
  return [time, process.pid, HOST, access].join("-");
}

function ticketOf(name: string): { pid: number; host: string; access: string } {
  const [, pid = "", host = "", access = ""] = name.split("-");
  return { pid: Number(pid), host, access };
}

function lives(name: string): boolean {
  const { pid, host } = ticketOf(name);
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  return host !== HOST || isAlive(pid);
}

function listed(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function quietly(work: () => void): void {
  try {
    work();
  } catch {
    // The file is gone already, or not ours to remove.
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}
