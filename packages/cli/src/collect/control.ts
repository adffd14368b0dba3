import { stat } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";
import { type Instant, KnownError, type SheetColumn, type SheetRow } from "@cctelemetry/core/light";
import { type LockContent, lockHolder, receiverAt } from "@cctelemetry/receiver";
import type { Clock } from "../process/context.ts";
import { refusedCount } from "./states.ts";

/** A receiver answers what is under way within 10 s. */
const STOP_MS = 15_000;
const POLL_MS = 50;

/** Who writes to a file. KnownError if nobody does. */
export async function runningReceiver(output: string, now: Clock["now"]): Promise<LockContent> {
  const found = await lockHolder(output, now);
  if (found.kind === "held" && found.holder !== undefined) return found.holder;
  throw new KnownError("not-running", `No receiver writes to ${output}.`, {
    hint: "cctelemetry collect --background starts one; --output names another file.",
  });
}

/** Asks the receiver of a file to end, and waits until it has. */
export async function stopReceiver(output: string, now: Clock["now"]): Promise<LockContent> {
  const holder = await runningReceiver(output, now);
  await checkIdentity(holder);
  process.kill(holder.pid, "SIGTERM");
  const until = now() + STOP_MS;
  while (now() < until) {
    const found = await lockHolder(output, now);
    if (found.kind === "free" || found.holder?.instance !== holder.instance) return holder;
    await wait(POLL_MS);
  }
  throw new KnownError("not-stopped", `The receiver (pid ${holder.pid}) did not exit.`, {
    hint: "What it has answered is on the disk: it may be ended by force.",
  });
}

/** A process number may have been given to another program since. */
async function checkIdentity({ pid, addresses }: LockContent): Promise<void> {
  const [, host, port] = /^(?:\[?)(.*?)\]?:(\d+)$/.exec(addresses.http ?? "") ?? [];
  if (host === undefined || port === undefined) return;
  if ((await receiverAt(host, Number(port))) === pid) return;
  throw new KnownError("not-stopped", `Process ${pid} does not answer as a receiver.`, {
    hint: "If it is one, end it by its process number.",
  });
}

/** The columns of `collect status`. */
export const statusColumns: readonly SheetColumn[] = [
  { name: "state", type: "VARCHAR" },
  { name: "pid", label: "process", type: "BIGINT" },
  { name: "since", type: "TIMESTAMP WITH TIME ZONE" },
  { name: "http", type: "VARCHAR" },
  { name: "grpc", type: "VARCHAR" },
  { name: "metrics", type: "VARCHAR" },
  { name: "bytes", label: "size", type: "BIGINT", unit: "bytes" },
  { name: "refused", type: "BIGINT" },
  { name: "output", label: "file", type: "VARCHAR", overflow: "wrap" },
];

/** What only programs get: refusals by reason, and how the sending on goes. */
export const programColumns: readonly SheetColumn[] = [
  { name: "refusals", type: "STRUCT[]" },
  { name: "forward", type: "STRUCT" },
];

/** The row of `collect status`. */
export async function statusRow(holder: LockContent, output: string): Promise<SheetRow> {
  const size = await stat(output).then(
    (status) => BigInt(status.size),
    () => null,
  );
  const since: Instant = { kind: "time", micros: BigInt(holder.startedAt) * 1000n };
  const { http, grpc, metrics } = holder.addresses;
  const refused = BigInt(refusedCount(holder.refused));
  const where = [http ?? null, grpc ?? null, metrics ?? null];
  return [holder.state, BigInt(holder.pid), since, ...where, size, refused, output];
}
