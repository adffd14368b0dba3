import { randomUUID } from "node:crypto";
import { mkdir, open, readFile, rm, stat } from "node:fs/promises";
import { connect } from "node:net";
import { dirname } from "node:path";
import { setTimeout } from "node:timers/promises";
import { isAlive } from "@cctelemetry/core/light";
import type { ForwardState } from "../forward-state.ts";
import type { Refused } from "../refusals.ts";
import { claimText } from "./claim.ts";
import { replaceFile } from "./replace-file.ts";

/** Where a receiver listens; undefined for a protocol that is off. */
export interface Addresses {
  readonly http: string | undefined;
  readonly grpc: string | undefined;
  /** Of the page of metrics. */
  readonly metrics?: string | undefined;
}

/** The content of a lock file. */
export interface LockContent {
  readonly pid: number;
  /** Distinguishes two holders with the same process number. */
  readonly instance: string;
  readonly state: "starting" | "serving" | "closing";
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly addresses: Addresses;
  /** Senders that it refused, by reason; empty if the holder does not report them. */
  readonly refused: readonly Refused[];
  /** How the sending on goes; undefined where nothing is sent on. */
  readonly forward?: ForwardState | undefined;
}

/** What a holder changes in its lock. */
type LockChange = Partial<Pick<LockContent, "state" | "addresses" | "refused" | "forward">>;

/** An exclusive right to write to a file, until it is released. */
export interface Lock {
  /** Changes go to the disk one after the other, and none after it is released. */
  readonly update: (change: LockChange) => Promise<void>;
  readonly release: () => Promise<void>;
}

/** Either the lock, or who holds it. */
export type LockOutcome =
  | { readonly kind: "acquired"; readonly lock: Lock }
  | { readonly kind: "held"; readonly holder: LockContent | undefined };

/** Time within which a holder that has made the file writes into it, milliseconds. */
const CREATION_MS = 5_000;
const CONNECT_MS = 1_000;
/** Longer than any holder takes to start or to stop, milliseconds. */
const PASSING_MS = 60_000;
const TRIES = 5;
/** Pause before it looks again, while another replaces what an ended holder left, milliseconds. */
const PAUSE_MS = 20;

/** Where the lock of a telemetry file lies. */
export function lockPath(output: string): string {
  return `${output}.lock`;
}

/**
 * Acquires the lock of a telemetry file, also if its holder has ended without releasing it. Rejects
 * if the file cannot be created.
 */
export async function acquireLock(output: string, now: () => number): Promise<LockOutcome> {
  const path = lockPath(output);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const content: LockContent = {
    pid: process.pid,
    instance: randomUUID(),
    state: "starting",
    startedAt: now(),
    addresses: { http: undefined, grpc: undefined },
    refused: [],
  };
  for (let tries = 0; tries < TRIES; tries += 1) {
    if (await create(path, content)) return { kind: "acquired", lock: lockOf(path, content) };
    const holder = await lockHolder(output, now);
    if (holder.kind === "held") return holder;
    const { text } = holder;
    if (text !== undefined && (await replaceStale(path, text, content))) {
      return { kind: "acquired", lock: lockOf(path, content) };
    }
    await setTimeout(PAUSE_MS);
  }
  return { kind: "held", holder: undefined };
}

/** Who holds the lock of a telemetry file. `text` is the content that an ended holder left. */
export async function lockHolder(
  output: string,
  now: () => number,
): Promise<
  | { readonly kind: "held"; readonly holder: LockContent | undefined }
  | { readonly kind: "free"; readonly text: string | undefined }
> {
  const path = lockPath(output);
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text === undefined) return { kind: "free", text };
  const holder = parseContent(text);
  const ageMs = now() - (await changedAt(path));
  if (holder === undefined) {
    // A file's time is finer than the clock's milliseconds, so that a new one may seem to be of the future.
    const isFresh = Math.abs(ageMs) < CREATION_MS;
    return isFresh ? { kind: "held", holder } : { kind: "free", text };
  }
  return (await isHeld(holder, ageMs)) ? { kind: "held", holder } : { kind: "free", text };
}

function changedAt(path: string): Promise<number> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}

/**
 * A holder exists while its process does. As process numbers are reused, one that serves must also
 * be reachable: the system accepts a connection even while the process is suspended. Starting and
 * stopping take seconds.
 */
async function isHeld({ pid, state, addresses }: LockContent, ageMs: number): Promise<boolean> {
  if (!isAlive(pid)) return false;
  if (state !== "serving") return ageMs < PASSING_MS;
  const address = addresses.http ?? addresses.grpc;
  return address === undefined || (await isReachable(address));
}

/** Whether something listens at `host:port`; silence counts as yes. */
function isReachable(address: string): Promise<boolean> {
  const colon = address.lastIndexOf(":");
  const host = address.slice(0, colon).replace(/^\[(.*)\]$/, "$1");
  return new Promise((resolve) => {
    const socket = connect(Number(address.slice(colon + 1)), host);
    const end = (reached: boolean): void => {
      socket.destroy();
      resolve(reached);
    };
    socket.setTimeout(CONNECT_MS, () => end(true));
    socket.once("connect", () => end(true));
    socket.once("error", () => end(false));
  });
}

async function create(path: string, content: LockContent): Promise<boolean> {
  try {
    const handle = await open(path, "wx", 0o600);
    try {
      await handle.writeFile(JSON.stringify(content));
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
  // A process that was suspended before it wrote may have lost the file meanwhile.
  return holds(path, content);
}

/** Whether the lock's content is that of this instance. */
async function holds(path: string, { instance }: LockContent): Promise<boolean> {
  const text = await readFile(path, "utf8").catch(() => "");
  return parseContent(text)?.instance === instance;
}

/**
 * Replaces the text that an ended holder left. Of several processes that try, only the one with the
 * claim on this text succeeds, and only while the lock still has this text.
 */
async function replaceStale(path: string, text: string, content: LockContent): Promise<boolean> {
  const claim = await claimText(path, text, content.pid);
  if (claim === undefined) return false;
  try {
    const found = await readFile(path, "utf8").catch(() => undefined);
    if (found !== text) return false;
    await replace(path, content);
    return true;
  } finally {
    await claim.release();
  }
}

function replace(path: string, content: LockContent): Promise<void> {
  return replaceFile(path, content.instance, JSON.stringify(content));
}

function lockOf(path: string, first: LockContent): Lock {
  const mine = (): Promise<boolean> => holds(path, first);
  let content = first;
  let released = false;
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  };
  const write = async (): Promise<void> => {
    if (released || !(await mine())) return;
    await replace(path, content);
  };
  return {
    update: (change) => {
      content = { ...content, ...change };
      return inTurn(write);
    },
    release: () =>
      inTurn(async () => {
        released = true;
        if (await mine()) await rm(path, { force: true });
      }),
  };
}

function parseContent(text: string): LockContent | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return isContent(parsed)
      ? { ...parsed, refused: refusedOf(parsed), forward: forwardOf(parsed) }
      : undefined;
  } catch {
    return undefined;
  }
}

function isContent(value: unknown): value is LockContent {
  if (typeof value !== "object" || value === null) return false;
  const { pid, instance, state, startedAt, addresses } = value as Record<string, unknown>;
  return (
    typeof pid === "number" &&
    Number.isSafeInteger(pid) &&
    pid > 0 &&
    typeof instance === "string" &&
    (state === "starting" || state === "serving" || state === "closing") &&
    typeof startedAt === "number" &&
    typeof addresses === "object" &&
    addresses !== null &&
    Object.values(addresses).every((each) => typeof each === "string")
  );
}

/** Refused senders in a lock; one of another version may lack them or have another form. */
function refusedOf({ refused }: { readonly refused?: unknown }): readonly Refused[] {
  return Array.isArray(refused) ? refused.filter(isRefused) : [];
}

/** The forwarding in a lock; another version may have another form of it. */
function forwardOf({ forward }: { readonly forward?: unknown }): ForwardState | undefined {
  if (typeof forward !== "object" || forward === null) return undefined;
  const { url, sent, refused, behindBytes, fault } = forward as Record<string, unknown>;
  const isState =
    typeof url === "string" &&
    [sent, refused, behindBytes].every((each) => Number.isSafeInteger(each)) &&
    (fault === undefined || typeof fault === "string");
  return isState ? (forward as ForwardState) : undefined;
}

function isRefused(value: unknown): value is Refused {
  if (typeof value !== "object" || value === null) return false;
  const { reason, count, last, lastAt } = value as Record<string, unknown>;
  return (
    typeof reason === "string" &&
    typeof last === "string" &&
    Number.isSafeInteger(count) &&
    typeof lastAt === "number" &&
    Math.abs(lastAt) < 8.64e15
  );
}
