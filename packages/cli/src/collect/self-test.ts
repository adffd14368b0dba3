import { rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { importPaths, openStore } from "@cctelemetry/core";
import { KnownError, type SheetColumn, type SheetRow } from "@cctelemetry/core/light";
import {
  type Addresses,
  type SendProtocol,
  sendProtocols,
  sendRecord,
  startReceiver,
} from "@cctelemetry/receiver";
import { openOutput, type RowsContext } from "../output/open.ts";
import type { Clock } from "../process/context.ts";
import type { CollectOptions } from "./options.ts";

const columns: readonly SheetColumn[] = [
  { name: "protocol", type: "VARCHAR" },
  { name: "result", type: "VARCHAR" },
  { name: "sent_tokens", label: "sent tokens", type: "BIGINT" },
  { name: "stored_tokens", label: "stored tokens", type: "BIGINT" },
];

const STORED = `SELECT session_id, sum(input_tokens + output_tokens)::BIGINT AS tokens
FROM api_requests WHERE model = 'self-test' GROUP BY session_id`;

/** What was sent by a protocol, and what the receiver said. */
interface Sent {
  readonly protocol: SendProtocol;
  readonly tokens: bigint;
  readonly fault: string | undefined;
}

/**
 * Starts a receiver on free ports, sends a record by each protocol, imports
 * what was written and asks for it in SQL; everything in a folder of its own,
 * which is removed. KnownError where anything is missing.
 */
export async function selfTest(
  options: CollectOptions,
  context: RowsContext & Clock,
): Promise<void> {
  const folder = await scratchFolder();
  const unregister = context.onInterrupt(() => rmSync(folder, { recursive: true, force: true }));
  try {
    const sent = await sendAll(join(folder, "self-test.jsonl"), options, context.now());
    const stored = await readBack(folder);
    const rows = sent.map((each) => rowOf(each, stored.get(each.protocol) ?? 0n));
    const { color, json } = options;
    const output = await openOutput({ color, ...(json === true ? { json } : {}) }, context);
    output.begin(columns);
    await output.rows(rows);
    await output.end([]);
    const failed = rows.filter(([, result]) => result !== "ok").map(([protocol]) => protocol);
    if (failed.length === 0) return;
    throw new KnownError("unhealthy", `The self-test failed over ${failed.join(" and ")}.`, {
      hint: "Report it with the lines above.",
    });
  } finally {
    unregister();
    await rm(folder, { recursive: true, force: true });
  }
}

async function scratchFolder(): Promise<string> {
  const parent = tmpdir();
  try {
    return await mkdtemp(join(parent, "cctelemetry-self-test-"));
  } catch (error) {
    throw unmakeable(parent, error);
  }
}

function unmakeable(parent: string, cause: unknown): KnownError {
  const reason = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
  const variable = process.platform === "win32" ? "TEMP" : "TMPDIR";
  return new KnownError("path-unsuitable", `No folder can be made in ${parent}: ${reason}.`, {
    hint: `Set ${variable} to a folder that is there and writable.`,
    cause,
  });
}

async function sendAll(
  output: string,
  { durability }: CollectOptions,
  now: number,
): Promise<readonly Sent[]> {
  const receiver = await startReceiver({ output, durability, httpPort: 0, grpcPort: 0 });
  try {
    const sent: Sent[] = [];
    for (const protocol of sendProtocols) {
      sent.push(await sendOne(protocol, receiver.addresses, sent.length, now));
    }
    return sent;
  } finally {
    await receiver.close();
  }
}

/** Each protocol has numbers of its own, so that none can stand for another. */
async function sendOne(
  protocol: SendProtocol,
  addresses: Addresses,
  index: number,
  now: number,
): Promise<Sent> {
  const inputTokens = 1_001 + 1_000 * index;
  const outputTokens = 17 + index;
  const time = BigInt(now) * 1_000_000n + BigInt(index);
  const record = { sessionId: protocol, inputTokens, outputTokens, time };
  const fault = await sendRecord(protocol, addresses, record);
  return { protocol, tokens: BigInt(inputTokens + outputTokens), fault };
}

async function readBack(folder: string): Promise<ReadonlyMap<string, bigint>> {
  const store = await openStore(join(folder, "self-test.duckdb"));
  try {
    await importPaths(store, [join(folder, "self-test.jsonl")]);
    const rows = await store.reading((session) => session.rows(STORED));
    return new Map(
      rows.map(({ session_id, tokens }) => [String(session_id), BigInt(String(tokens))]),
    );
  } finally {
    await store.close();
  }
}

function rowOf({ protocol, tokens, fault }: Sent, stored: bigint): SheetRow {
  const result = fault ?? (stored === tokens ? "ok" : "not stored as it was sent");
  return [protocol, result, tokens, stored];
}
