import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { KnownError, messageOf } from "@cctelemetry/core/light";
import type { OriginCheck } from "../admission/hosts.ts";
import type { TokenCheck } from "../admission/token.ts";
import type { Refusals, RefusedFor } from "../refusals.ts";
import { answerPlain } from "./answer.ts";
import { pathOf, recordRefusal } from "./export.ts";

/** A page of metrics that is served beside the receiver. */
export interface MetricsPage {
  /** 0 for any free one. */
  readonly port: number;
  /** Its text now. Rejects with a KnownError that is answered with 503. */
  readonly text: () => Promise<string>;
  readonly mediaType: string;
}

/** Options of the server of a page. */
export interface PageOptions {
  readonly page: MetricsPage;
  readonly host: string;
  readonly port: number;
  readonly originCheck: OriginCheck;
  readonly tokenCheck: TokenCheck;
  readonly refusals: Pick<Refusals, "record">;
}

/** A running server of a page. */
export interface PageServer {
  readonly address: AddressInfo;
  /** Accepts no new requests, and cuts those that are not answered within so many milliseconds. */
  readonly close: (graceMs: number) => Promise<void>;
}

const PATH = "/metrics";
const MAX_CONNECTIONS = 32;
const REQUEST_TIMEOUT_MS = 10_000;
const CHECKING_INTERVAL_MS = 1_000;

/** Serves `/metrics`. Rejects with the system's error if it cannot listen on the port. */
export async function listenPage(options: PageOptions): Promise<PageServer> {
  const timeouts = {
    requestTimeout: REQUEST_TIMEOUT_MS,
    headersTimeout: REQUEST_TIMEOUT_MS,
    connectionsCheckingInterval: CHECKING_INTERVAL_MS,
  };
  const server = createServer(timeouts, (request, response) => {
    response.on("error", () => undefined);
    answer(request, response, options).catch((error: unknown) => answerFault(response, error));
  });
  server.maxConnections = MAX_CONNECTIONS;
  server.listen(options.port, options.host);
  await once(server, "listening");
  return {
    address: server.address() as AddressInfo,
    close: async (graceMs) => {
      const timer = setTimeout(() => server.closeAllConnections(), graceMs);
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      });
      clearTimeout(timer);
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { page, originCheck, tokenCheck, refusals }: PageOptions,
): Promise<void> {
  request.resume();
  const refuse = (status: number, reason: RefusedFor, message: string): void => {
    recordRefusal(request, reason, message, { refusals });
    answerPlain(response, status, message);
  };
  const refusal = originCheck({
    hosts: request.headersDistinct["host"] ?? [],
    origin: request.headers.origin,
    fetchSite: request.headersDistinct["sec-fetch-site"]?.join(),
  });
  if (refusal !== undefined) {
    refuse(403, refusal.reason, refusal.message);
  } else if (!tokenCheck(request.headers.authorization)) {
    response.setHeader("www-authenticate", "Bearer");
    refuse(401, "token", "a valid bearer token is needed");
  } else if (pathOf(request) !== PATH) {
    refuse(404, "path", `404 page not found, supported: [${PATH}]`);
  } else if (request.method !== "GET" && request.method !== "HEAD") {
    response.setHeader("allow", "GET, HEAD");
    refuse(405, "method", "405 method not allowed, supported: [GET, HEAD]");
  } else {
    answerPlain(response, 200, await page.text(), { "content-type": page.mediaType });
  }
}

/** What cannot be read now can be later: the program that asks tries again. */
function answerFault(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const hint = error instanceof KnownError && error.hint !== undefined ? ` ${error.hint}` : "";
  answerPlain(response, error instanceof KnownError ? 503 : 500, `${messageOf(error)}${hint}\n`);
}
