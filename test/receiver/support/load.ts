import { setTimeout as pause } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import {
  exportPath,
  framed,
  GrpcClient,
} from "../../../packages/receiver/test/support/grpc-client.ts";
import { query } from "../../support/cli.ts";
import { exporter, protocols } from "./exporters.ts";
import { send } from "./http-client.ts";
import {
  type Encoding,
  mediaTypes,
  type Sample,
  type Signal,
  sample,
  signals,
} from "./requests.ts";

/** Where the records of each signal are found again by their id. */
const storedIds: Readonly<Record<Signal, string>> = {
  logs: "SELECT request_id AS id FROM log_records",
  metrics: "SELECT attributes->>'request_id' AS id FROM metric_points",
  traces: "SELECT request_id AS id FROM spans",
};

/** A sender waits so long before it repeats what it got no answer to. */
const REPEAT_MS = 20;
/** Records differ in size up to so many characters: some are longer than a page of memory. */
const LONGEST = 40_000;

/** The addresses of a receiver: `127.0.0.1:4318`. */
export interface Addresses {
  readonly http: string;
  readonly grpc: string;
}

/** What became of a load in the store. */
export interface Account {
  readonly sent: number;
  readonly acknowledged: number;
  /** Acknowledged, and not in the store. */
  readonly lost: readonly string[];
  /** In the store more than once. */
  readonly doubled: readonly string[];
  /** In the store, and never sent. */
  readonly strange: readonly string[];
}

/**
 * Senders of every protocol at work, with a ledger of what was acknowledged to them:
 * OpenTelemetry's exporters, and simple ones that repeat a body until it is acknowledged.
 */
export class Load {
  readonly #sent = new Set<string>();
  readonly #acknowledged = new Set<string>();
  readonly #addresses: Addresses;
  #senders: Promise<void>[] = [];
  #stopped = false;

  /** @param addresses of the receiver, in this life and the next ones */
  constructor(addresses: Addresses) {
    this.#addresses = addresses;
  }

  get acknowledged(): number {
    return this.#acknowledged.size;
  }

  start(): void {
    const sdk = protocols.flatMap((protocol) =>
      signals.map(async (signal, at) => {
        const client = exporter({ protocol, signal, gzip: at % 2 === 0, ...this.#addresses });
        // It repeats by itself, and a record that is made again is another record.
        await this.#loop(`${signal}-sdk-${protocol}`, 1, async (id) => {
          return (await client.send([id])) === undefined;
        });
        await client.close();
      }),
    );
    const simple = signals.flatMap((signal) => [
      this.#loop(`${signal}-json`, Number.POSITIVE_INFINITY, (id, size) =>
        this.#post(sample(signal, id, size), "json"),
      ),
      this.#loop(`${signal}-proto`, Number.POSITIVE_INFINITY, (id, size) =>
        this.#post(sample(signal, id, size), "protobuf"),
      ),
      this.#loop(`${signal}-grpc`, Number.POSITIVE_INFINITY, (id, size) =>
        this.#call(sample(signal, id, size)),
      ),
    ]);
    this.#senders = [...sdk, ...simple];
  }

  /** Lets every sender finish what it has begun; with a receiver that is there, that succeeds. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#senders);
  }

  /** Compares the ledger with a database. */
  async account(database: string): Promise<Account> {
    const times = new Map<string, number>();
    for (const signal of signals) {
      for (const { id } of await query(database, storedIds[signal])) {
        times.set(String(id), (times.get(String(id)) ?? 0) + 1);
      }
    }
    return {
      sent: this.#sent.size,
      acknowledged: this.#acknowledged.size,
      lost: [...this.#acknowledged].filter((id) => !times.has(id)),
      doubled: [...times].filter(([, count]) => count > 1).map(([id]) => id),
      strange: [...times.keys()].filter((id) => !this.#sent.has(id)),
    };
  }

  /** Sends one id after the other, each until it is acknowledged, given up or the load is stopped. */
  async #loop(
    name: string,
    attempts: number,
    attempt: (id: string, size: number) => Promise<boolean>,
  ): Promise<void> {
    for (let number = 0; !this.#stopped; number++) {
      const id = `${name}-${number}`;
      const size = number % 5 === 0 ? Math.floor(Math.random() * LONGEST) : 0;
      this.#sent.add(id);
      for (let attempted = 0; attempted < attempts; attempted++) {
        if (await attempt(id, size).catch(() => false)) {
          this.#acknowledged.add(id);
          break;
        }
        if (this.#stopped) return;
        await pause(REPEAT_MS);
      }
    }
  }

  async #post(one: Sample, encoding: Encoding): Promise<boolean> {
    const { status } = await send(this.#addresses.http, {
      path: `/v1/${one.signal}`,
      headers: { "content-type": mediaTypes[encoding], "content-encoding": "gzip" },
      body: gzipSync(one.body(encoding), { level: 1 }),
    });
    return status === 200;
  }

  async #call(one: Sample): Promise<boolean> {
    const client = new GrpcClient(this.#addresses.grpc);
    try {
      const { code } = await client.call(exportPath(one.signal), framed(one.body("protobuf")));
      return code === 0;
    } finally {
      client.close();
    }
  }
}
