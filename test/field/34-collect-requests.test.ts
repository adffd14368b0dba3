import { readFile } from "node:fs/promises";
import { request } from "node:http";
import { connect as connectHttp2 } from "node:http2";
import { join } from "node:path";
import { connect as connectTls } from "node:tls";
import { beforeAll, describe, expect, test } from "vitest";
import { type CollectProcess, startCollect } from "../receiver/support/collect-process.ts";
import { type Message, send, statusIn } from "../receiver/support/http-client.ts";
import { query, run, testFolder } from "../support/cli.ts";
import { absolute } from "../support/source-tree.ts";

const inputs = absolute("fixtures/field/34-collect-requests");
let [body, gzip, zstd]: Buffer[] = [];
beforeAll(async () => {
  [body, gzip, zstd] = await Promise.all(
    ["body.json", "body.json.gz", "body.json.zst"].map((name) => readFile(join(inputs, name))),
  );
});

const json = { "content-type": "application/json" };
const to = (message: Partial<Message>): (() => Message) => {
  return () => ({ path: "/v1/logs", headers: json, body: body ?? [], ...message });
};

const taken: readonly (readonly [name: string, message: () => Message])[] = [
  ["plain", to({})],
  ["charset", to({ headers: { "content-type": "application/json; charset=utf-8" } })],
  ["chunked", () => ({ path: "/v1/logs", headers: json, body: [body ?? Buffer.alloc(0)] })],
  [
    "gzip",
    () => ({ ...to({})(), headers: { ...json, "content-encoding": "gzip" }, body: gzip ?? [] }),
  ],
  ["expect", to({ headers: { ...json, expect: "100-continue" } })],
  ["localhost", to({ headers: { ...json, host: "localhost:4318" } })],
  ["::1", to({ headers: { ...json, host: "[::1]:4318" } })],
  ["slash", to({ path: "/v1/logs/" })],
  ["query", to({ path: "/v1/logs?x=1" })],
  [
    "a byte order mark",
    () => ({ ...to({})(), body: Buffer.concat([Buffer.from("\ufeff"), body ?? Buffer.alloc(0)]) }),
  ],
  ["two slashes", to({ path: "//v1/logs" })],
  ["another signal's path", to({ path: "/v1/metrics" })],
];

const refused: readonly (readonly [string, () => Message, number, RegExp, string])[] = [
  [
    "deflate that is gzip",
    () => ({ ...to({})(), headers: { ...json, "content-encoding": "deflate" }, body: gzip ?? [] }),
    400,
    /deflate: incorrect header/,
    "undecodable",
  ],
  [
    "zstd",
    () => ({ ...to({})(), headers: { ...json, "content-encoding": "zstd" }, body: zstd ?? [] }),
    415,
    /gzip, deflate and none are/,
    "media-type",
  ],
  [
    "text",
    to({ headers: { "content-type": "text/plain" } }),
    415,
    /application\/json/,
    "media-type",
  ],
  ["no type", to({ headers: {} }), 415, /application\/json/, "media-type"],
  ["doubled", to({ path: "/v1/logs/v1/logs" }), 404, /\/v1\/logs, \/v1\/metrics/, "path"],
  ["root", to({ path: "/" }), 404, /\/v1\/logs/, "path"],
  ["prefix", to({ path: "/otlp/v1/logs" }), 404, /\/v1\/logs/, "path"],
  ["null", to({ body: Buffer.from(" null\n") }), 400, /the body is null/, "undecodable"],
  ["get", to({ method: "GET", body: [] }), 405, /POST/, "method"],
  [
    "docker's host",
    to({ headers: { ...json, host: "host.docker.internal:24318" } }),
    403,
    /--allow-host host\.docker\.internal/,
    "host",
  ],
  ["bad JSON", to({ body: Buffer.from('{"resourceLogs":[{') }), 400, /not JSON/, "undecodable"],
  [
    "JSON as protobuf",
    to({ headers: { "content-type": "application/x-protobuf" } }),
    400,
    /no protobuf message of logs/,
    "undecodable",
  ],
  [
    "browser",
    to({ headers: { ...json, origin: "http://localhost:3000" } }),
    403,
    /web pages/,
    "web-page",
  ],
];

interface Status {
  readonly refused: number;
  readonly refusals: readonly {
    readonly reason: string;
    readonly count: number;
    readonly last: string;
  }[];
}

async function collecting(options: readonly string[] = []) {
  const folder = await testFolder();
  const output = join(folder, "o.jsonl");
  const collect = await startCollect({ output, options, env: { CCTELEMETRY_HOME: folder } });
  const status = async (): Promise<Status> => {
    const { stdout } = await run(["collect", "status", "-o", output, "--json"]);
    const [row] = JSON.parse(stdout) as Status[];
    if (row === undefined) throw new Error("no status");
    return row;
  };
  /** Asks until what was refused is there to be seen, which takes half a second. */
  const statusWith = async (reason: string): Promise<Status> => {
    for (let tries = 0; tries < 20; tries++) {
      const row = await status();
      if (row.refusals.some((each) => each.reason === reason)) return row;
      await new Promise((done) => setTimeout(done, 200));
    }
    return status();
  };
  return { folder, output, collect, status, statusWith };
}

test("what exporters send is taken, in all its forms, and is one request", async () => {
  const { folder, output, collect, status } = await collecting();
  for (const [name, message] of taken) {
    expect((await send(collect.http, message())).status, name).toBe(200);
  }
  // What doctor asks where a path is wrong is no sender.
  const asked = to({ path: "/", headers: { ...json, "x-cctelemetry-probe": "doctor" } });
  expect((await send(collect.http, asked())).status).toBe(404);
  expect(await status()).toMatchObject({ refused: 0, refusals: [] });
  const db = join(folder, "t.duckdb");
  expect((await run(["import", output, "--db", db])).code).toBe(0);
  const rows = await query(
    db,
    "SELECT count(*) AS n, sum(cost_usd)::DOUBLE AS c FROM api_requests",
  );
  expect(rows).toEqual([{ n: 1, c: 0.0123 }]);
});

describe("what is not taken says why, and is shown by status and in the foreground", () => {
  test("each answer has its status and its reason, and status counts them by reason", async () => {
    const { collect, status } = await collecting();
    const counts = new Map<string, number>();
    for (const [name, message, code, words, reason] of refused) {
      const answer = await send(collect.http, message());
      expect(answer.status, name).toBe(code);
      const type = String(answer.headers["content-type"]);
      const said = type.startsWith("text/") ? String(answer.body) : statusIn(answer).message;
      expect(said, name).toMatch(words);
      counts.set(reason, (counts.get(reason) ?? 0) + 1);
    }
    // What was refused is there to be seen after half a second.
    await expect.poll(async () => (await status()).refused, { interval: 200 }).toBe(refused.length);
    const { refusals } = await status();
    expect(new Map(refusals.map(({ reason, count }) => [reason, count]))).toEqual(counts);
    await collect.running.until(() => collect.running.stdout().includes('"state":"refused"'));
  });

  test.each(refused.filter((_, at) => at % 4 === 0))(
    "%s, in the foreground",
    async (_name, message, code, _words, reason) => {
      const { collect } = await collecting();
      expect((await send(collect.http, message())).status).toBe(code);
      await collect.running.until(() => collect.running.stdout().includes('"state":"refused"'));
      expect(collect.running.stdout()).toContain(`"reason":"${reason}","count":1`);
    },
  );

  const wrongly: readonly (readonly [string, (at: CollectProcess) => Promise<void>, string])[] = [
    ["TLS on the plain port", ({ http }) => greetTls(http), "tls"],
    ["TLS on the port of gRPC", ({ grpc }) => greetTls(grpc), "tls"],
    [
      "HTTP/1 on the port of gRPC",
      async ({ grpc }) => {
        const answer = await send(grpc, to({})());
        expect(answer.status).toBe(400);
        expect(String(answer.body)).toContain("port of gRPC");
      },
      "other-protocol",
    ],
    ["HTTP/2 on the plain port", ({ http }) => greetHttp2(http), "other-protocol"],
    [
      "a token that is wrong",
      async ({ http }) => {
        const headers = { ...json, authorization: "Bearer nonsense" };
        expect((await send(http, to({ headers })())).status).toBe(401);
      },
      "token",
    ],
    [
      "a body that is too large",
      async ({ http }) => {
        const headers = { ...json, authorization: TOKEN, "content-length": 2 ** 21 };
        const asking = request(`http://${http}/v1/logs`, { method: "POST", headers, agent: false });
        asking.on("error", () => undefined);
        asking.flushHeaders();
        await new Promise<void>((done) =>
          asking.once("response", ({ statusCode }) => {
            expect(statusCode).toBe(413);
            asking.destroy();
            done();
          }),
        );
      },
      "too-large",
    ],
  ];

  test.each(wrongly)("%s", async (_name, knock, reason) => {
    const folder = await testFolder();
    const output = join(folder, "o.jsonl");
    const env = { CCTELEMETRY_HOME: folder, CCTELEMETRY_TOKEN: TOKEN.slice("Bearer ".length) };
    const collect = await startCollect({ output, env, options: ["--max-body-mb", "1"] });
    await knock(collect);
    await collect.running.until(() => collect.running.stdout().includes('"state":"refused"'));
    expect(collect.running.stdout()).toContain(`"reason":"${reason}","count":1`);
    const headers = { ...json, authorization: TOKEN };
    expect((await send(collect.http, to({ headers })())).status).toBe(200);
  });
});

const TOKEN = "Bearer correct-horse-battery-staple";

function greetTls(address: string): Promise<void> {
  const [host = "", port = ""] = address.split(":");
  return new Promise((resolve) => {
    const socket = connectTls({ host, port: Number(port), rejectUnauthorized: false });
    socket.on("error", () => undefined);
    socket.once("close", () => resolve());
  });
}

function greetHttp2(address: string): Promise<void> {
  return new Promise((resolve) => {
    const session = connectHttp2(`http://${address}`);
    session.on("error", () => undefined);
    session.once("close", () => resolve());
  });
}

test("many of a kind are one entry, and what they hold is escaped", async () => {
  const { output, collect, statusWith } = await collecting();
  for (let at = 0; at < 120; at++) {
    await send(collect.http, to({ path: `/${"x".repeat(at * 50)}/%1b%5b31m` })());
  }
  const { refused: count, refusals } = await statusWith("path");
  expect([count, refusals.length]).toEqual([120, 1]);
  expect(refusals[0]?.last.length).toBeLessThan(250);
  const lines = collect.running
    .stdout()
    .split("\n")
    .filter((line) => line.includes("refused"));
  expect(lines.length).toBeLessThanOrEqual(3);
  const { stdout } = await run(["collect", "status", "-o", output]);
  expect(stdout).toContain("refused 120 times, last (path): POST /xxx");
});

test("a proxy in the environment is never asked for this machine", async () => {
  const { output } = await collecting();
  const proxy = "http://127.0.0.1:9";
  const names = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "GRPC_PROXY"];
  const env = Object.fromEntries(
    names.flatMap((name) => [
      [name, proxy],
      [name.toLowerCase(), proxy],
    ]),
  );
  const more = { ...env, NODE_USE_ENV_PROXY: "1", no_proxy: "", NO_PROXY: "" };
  expect(await run(["collect", "status", "-o", output], { env: more })).toMatchObject({ code: 0 });
  const outcome = await run(["collect", "--self-test"], { env: more });
  expect(outcome).toMatchObject({ code: 0, stderr: "" });
});

test("a second collect names who has the port and the file", async () => {
  const { folder, output, collect } = await collecting();
  const [, port = ""] = collect.http.split(":");
  const other = ["collect", "--port", port, "--grpc-port", "0", "-o", join(folder, "o2.jsonl")];
  const taken = await run(other);
  expect(taken.code).toBe(1);
  expect(taken.stderr).toContain(
    `Port ${port} is taken by another receiver (process ${collect.pid}).`,
  );
  const same = await run(["collect", "-o", output, "--port", "0", "--grpc-port", "0"]);
  expect(same.code).toBe(1);
  expect(same.stderr).toContain(`Another receiver writes to ${output} (process ${collect.pid}`);
});
