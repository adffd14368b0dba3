import { request } from "node:http";
import { connect } from "node:http2";
import { connect as connectTls } from "node:tls";
import { destinations, effective, isThisMachine, type VariableFacts } from "../effective.ts";
import type { ProbeAnswer, ProbeFacts } from "../facts.ts";

const PATIENCE_MS = 2_000;

/** Asks every place on this machine that telemetry is sent to, with a request that holds nothing. */
export function probeAll(facts: VariableFacts): Promise<readonly ProbeFacts[]> {
  const all = destinations(facts).flatMap(({ url, protocol }) =>
    url === undefined ? [] : [{ url, protocol: protocol?.value ?? "http/protobuf" }],
  );
  const ways = [...new Map(all.map((way) => [keyOf(way), way])).values()];
  const headers = headersOf(facts);
  return Promise.all(
    ways.map(async ({ url, protocol }) => ({
      url,
      protocol,
      answer: isThisMachine(new URL(url).hostname, facts.hostname)
        ? await probe(new URL(url), protocol, headers)
        : { kind: "not-tried" as const },
    })),
  );
}

/** Signals that go to one receiver in the same way are asked for once. */
function keyOf({ url, protocol }: { readonly url: string; readonly protocol: string }): string {
  const { origin, pathname } = new URL(url);
  return `${protocol} ${origin} ${protocol === "grpc" ? "" : pathname.replace(/\/v1\/\w+\/*$/, "")}`;
}

async function probe(
  url: URL,
  protocol: string,
  headers: Readonly<Record<string, string>>,
): Promise<ProbeAnswer> {
  if (url.protocol === "https:") return askTls(url);
  const answer = protocol === "grpc" ? await askGrpc(url) : await askHttp(url, protocol, headers);
  if (answer.kind === "receives") return protocol === "grpc" ? answer : receiverOf(url);
  if (answer.kind !== "other-protocol" && answer.kind !== "status") return answer;
  const { holder, isOurs } = await holderAt(url);
  return answer.kind === "status" ? { ...answer, holder, isOurs } : { ...answer, holder };
}

/** Who listens there, in words, and whether that is a receiver of this program. */
async function holderAt(url: URL): Promise<{ readonly holder: string; readonly isOurs: boolean }> {
  const { holderOf, receiverAt } = await import("@cctelemetry/receiver");
  const pid = await receiverAt(...addressOf(url));
  return pid === undefined
    ? { holder: await holderOf(...addressOf(url)), isOurs: false }
    : { holder: `cctelemetry collect (process ${pid})`, isOurs: true };
}

/** Whether what listens there speaks TLS; whose certificate it has is not looked at. */
async function askTls(url: URL): Promise<ProbeAnswer> {
  const [host, port] = addressOf(url);
  const answer = await new Promise<ProbeAnswer>((resolve) => {
    const socket = connectTls({ host, port, rejectUnauthorized: false });
    socket.setTimeout(PATIENCE_MS, () => {
      resolve({ kind: "silent" });
      socket.destroy();
    });
    socket.once("secureConnect", () => {
      resolve({ kind: "tls" });
      socket.destroy();
    });
    socket.once("error", (error: NodeJS.ErrnoException) => {
      resolve(error.code === "ECONNREFUSED" ? { kind: "refused" } : { kind: "no-tls", holder: "" });
    });
  });
  if (answer.kind !== "no-tls") return answer;
  return { ...answer, holder: (await holderAt(url)).holder };
}

/** Whether it is ours that receives there. */
async function receiverOf(url: URL): Promise<ProbeAnswer> {
  const { receiverAt } = await import("@cctelemetry/receiver");
  const pid = await receiverAt(...addressOf(url));
  return { kind: "receives", by: pid === undefined ? "a receiver" : "cctelemetry" };
}

function addressOf(url: URL): [host: string, port: number] {
  const usual = url.protocol === "https:" ? 443 : 80;
  return [url.hostname.replace(/^\[|\]$/g, ""), Number(url.port || usual)];
}

function askHttp(
  url: URL,
  protocol: string,
  headers: Readonly<Record<string, string>>,
): Promise<ProbeAnswer> {
  const isJson = protocol === "http/json";
  const empty = isJson
    ? `{"${emptyKeys[/\/v1\/(\w+)\/*$/.exec(url.pathname)?.[1] ?? ""] ?? "resourceLogs"}":[]}`
    : "";
  return new Promise((resolve) => {
    const asking = request(url, {
      method: "POST",
      agent: false,
      timeout: PATIENCE_MS,
      headers: {
        ...headers,
        "x-cctelemetry-probe": "doctor",
        "content-type": isJson ? "application/json" : "application/x-protobuf",
        "content-length": empty.length,
      },
    });
    asking.once("response", (response) => {
      response.resume();
      const status = response.statusCode ?? 0;
      if (response.headers["x-cctelemetry-speaks"] === "grpc") {
        resolve({ kind: "other-protocol", holder: "" });
      } else if (status >= 200 && status < 300) {
        resolve({ kind: "receives", by: "a receiver" });
      } else {
        resolve({ kind: "status", status, holder: "", isOurs: false });
      }
    });
    asking.once("timeout", () => {
      resolve({ kind: "silent" });
      asking.destroy();
    });
    asking.once("error", (error) => resolve(failureOf(error)));
    asking.end(empty);
  });
}

const emptyKeys: Readonly<Record<string, string>> = {
  logs: "resourceLogs",
  metrics: "resourceMetrics",
  traces: "resourceSpans",
};

/** gRPC runs on HTTP/2: who greets as that does is taken for a receiver. */
function askGrpc(url: URL): Promise<ProbeAnswer> {
  return new Promise((resolve) => {
    const session = connect(url.origin);
    const end = (answer: ProbeAnswer) => {
      clearTimeout(timer);
      resolve(answer);
      session.destroy();
    };
    const timer = setTimeout(() => end({ kind: "silent" }), PATIENCE_MS);
    session.once("remoteSettings", () => end({ kind: "receives", by: "a receiver" }));
    session.on("error", (error) => end(failureOf(error)));
    session.once("close", () => end({ kind: "other-protocol", holder: "" }));
  });
}

function failureOf(error: Error): ProbeAnswer {
  const code = "code" in error ? String(error.code) : "";
  if (code === "ECONNREFUSED") return { kind: "refused" };
  const speaksOther =
    code.startsWith("HPE_") || code.startsWith("ERR_HTTP2") || code === "ECONNRESET";
  if (speaksOther) return { kind: "other-protocol", holder: "" };
  return { kind: "failed", reason: code === "" ? error.message : code };
}

/** The headers that are sent along: `key=value,key=value`, percent-encoded. */
function headersOf(facts: VariableFacts): Readonly<Record<string, string>> {
  const pairs = (effective(facts, "OTEL_EXPORTER_OTLP_HEADERS")?.value ?? "").split(",");
  const known = pairs.flatMap((pair) => {
    const at = pair.indexOf("=");
    const name = pair.slice(0, Math.max(0, at)).trim().toLowerCase();
    const value = decoded(pair.slice(at + 1).trim());
    return /^[\w-]+$/.test(name) && /^[\x20-\x7e]*$/.test(value) ? [[name, value] as const] : [];
  });
  return Object.fromEntries(known);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
