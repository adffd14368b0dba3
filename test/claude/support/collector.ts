import { join } from "node:path";
import { programCommand } from "../../support/running.ts";
import type { Lab } from "./lab.ts";
import { type Started, until } from "./running.ts";
import type { Endpoints } from "./telemetry.ts";

/** A `cctelemetry collect` in the network of a lab. */
export interface Collector {
  readonly endpoints: Endpoints;
  /** The file it writes. */
  readonly file: string;
  readonly started: Started;
  /** Asks it to end, and waits until it has written everything; its exit code. */
  readonly stop: () => Promise<number | null>;
}

const LIFE_MS = 300_000;

export interface CollectorOptions {
  /** One that has ended: the new one takes its addresses. */
  readonly after?: Collector;
  /** Further options of the command. */
  readonly options?: readonly string[];
}

/** Starts a receiver at addresses of its own choice, or at those of an earlier one. */
export async function startCollector(
  lab: Lab,
  { after, options: more = [] }: CollectorOptions = {},
): Promise<Collector> {
  const file = join(lab.folder, "otlp", "claude-code.jsonl");
  const ports = ["--port", portOf(after?.endpoints.http)];
  const grpcPorts = ["--grpc-port", portOf(after?.endpoints.grpc)];
  const options = ["--json", "--output", file, ...ports, ...grpcPorts, ...more];
  const started = lab.program([...programCommand, "collect", ...options], {
    timeoutMs: LIFE_MS,
  });
  await until(
    () => started.hasEnded() || started.stdout().includes("\n"),
    () => started.stderr(),
  );
  if (!started.stdout().includes("\n")) throw new Error(started.stderr());
  const listening = JSON.parse(started.stdout().split("\n", 1)[0] ?? "") as Endpoints;
  const stop = async (): Promise<number | null> => {
    started.signal("SIGTERM");
    return (await started.ended).code;
  };
  return { endpoints: { http: listening.http, grpc: listening.grpc }, file, started, stop };
}

function portOf(url: string | undefined): string {
  return url === undefined ? "0" : new URL(url).port;
}
