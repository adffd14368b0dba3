import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { imported, query } from "../support/cli.ts";
import { cuttingProxy } from "./support/cutting-proxy.ts";
import { exporter, type Protocol, protocols } from "./support/exporters.ts";
import { type Lab, startLab } from "./support/lab.ts";
import { type Signal, signals } from "./support/requests.ts";

const TOKEN = "a token of forty letters, but for spaces".replaceAll(" ", "_");

/** Where the records of each signal are found again by their id. */
const storedIds: Readonly<Record<Signal, string>> = {
  logs: "SELECT request_id AS id FROM log_records",
  metrics: "SELECT attributes->>'request_id' AS id FROM metric_points",
  traces: "SELECT request_id AS id FROM spans",
};

let lab: Lab | undefined;
afterEach(async () => {
  await lab?.close();
  lab = undefined;
});

/** Requests of every protocol, signal and compression, some in turn and some at once. */
const combinations = protocols.flatMap((protocol) =>
  signals.flatMap((signal) => [false, true].map((gzip) => ({ protocol, signal, gzip }))),
);

describe("OpenTelemetry's own exporters", () => {
  test("all they send is in the store, once, and 64 bits stay exact", async () => {
    lab = await startLab();
    const ledger = await sendAll(lab, {});
    const database = await imported(lab.folder, [join(lab.folder, "otlp")]);
    for (const signal of signals) {
      const rows = await query(database, storedIds[signal]);
      const ids = rows.map(({ id }) => String(id)).sort();
      expect(ids).toEqual(ledger.filter((id) => id.startsWith(signal)).sort());
    }
    expect(await query(database, "SELECT * FROM rejected_lines")).toEqual([]);
  });

  test("with a token they come in, without it or with another they do not", async () => {
    lab = await startLab({ token: TOKEN });
    const ledger = await sendAll(lab, { token: TOKEN });
    const before = lab.lines().length;
    expect(before).toBe(ledger.length / RECORDS);
    for (const { protocol, signal, gzip } of combinations) {
      for (const token of [undefined, TOKEN.slice(0, -1), `${TOKEN}x`]) {
        const given = token === undefined ? {} : { token };
        const client = exporter({ protocol, signal, gzip, ...lab, timeoutMs: 1_000, ...given });
        const error = await client.send([`${signal}-refused`]);
        expect(error).toBeDefined();
        expect(String(error)).not.toContain(TOKEN.slice(0, 20));
        await client.close();
      }
    }
    expect(lab.lines()).toHaveLength(before);
  });

  test.each([
    ["http/json", 413],
    ["http/protobuf", 413],
    ["grpc", 8],
  ] as const)("%s: a request too large is given up, not tried again", async (protocol, code) => {
    lab = await startLab({ maxBodyBytes: 4_096 });
    const client = exporter({ protocol, signal: "logs", ...lab });
    const many = Array.from({ length: 100 }, (_, at) => `logs-${at}`);
    expect(await client.send(many)).toMatchObject({ code });
    expect(await client.send(["logs-small"])).toBeUndefined();
    await client.close();
    expect(lab.lines()).toHaveLength(1);
  });
});

describe("a sender that never heard the answer", () => {
  // OpenTelemetry's gRPC exporter gives up where the others try again.
  test.each([
    ["http/json", 1],
    ["http/protobuf", 1],
    ["grpc", 0],
  ] as const)("%s: what it repeats is kept once", async (protocol, repeated) => {
    const ways = combinations.filter((each) => each.protocol === protocol);
    await Promise.all(
      ways.map(async (way) => {
        const one = await startLab();
        const proxy = await cuttingProxy(one);
        const client = exporter({ ...way, http: proxy.http, grpc: proxy.grpc });
        const error = await client.send([`${way.signal}-once`]);
        expect(error === undefined).toBe(repeated === 1);
        expect(proxy.cuts()).toBe(1);
        await client.close();
        proxy.close();
        expect(one.ids()).toEqual([`${way.signal}-once`]);
        expect(one.receiver.counts()).toMatchObject({ repeated });
        await one.close();
      }),
    );
  });
});

const RECORDS = 3;
const ROUNDS = 4;

/** Sends with every client, and gives the ids of what was acknowledged. */
async function sendAll(
  { http, grpc }: Lab,
  given: { readonly token?: string },
): Promise<readonly string[]> {
  const sent = combinations.map(async ({ protocol, signal, gzip }) => {
    const client = exporter({ protocol, signal, gzip, http, grpc, ...given });
    const acknowledged: string[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const ids = idsOf(signal, protocol, `${gzip}-${round}`);
      const error = await client.send(ids);
      if (error !== undefined) throw error;
      acknowledged.push(...ids);
    }
    await client.close();
    return acknowledged;
  });
  return (await Promise.all(sent)).flat();
}

function idsOf(signal: Signal, protocol: Protocol, round: string): readonly string[] {
  return Array.from({ length: RECORDS }, (_, at) => `${signal}-${protocol}-${round}-${at}`);
}
