import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import {
  describeRelations,
  KnownError,
  openStore,
  reports,
  runReport,
  type Store,
  type TelemetryWatch,
  watchTelemetry,
} from "@cctelemetry/core";
import { writeEmptyDatabase } from "../../../packages/core/test/support/telemetry.ts";
import { pageHtml } from "../../../packages/dashboard/src/host/page.ts";
import type {
  HostMessage,
  PageMessage,
  PageState,
} from "../../../packages/dashboard/src/host/protocol.ts";
import {
  liveMessage,
  queryTable,
  reportDescription,
  reportTable,
} from "../../../packages/dashboard/src/host/wire.ts";

const dist = fileURLToPath(new URL("../../../packages/dashboard/dist/", import.meta.url));

const types: Readonly<Record<string, string>> = {
  js: "text/javascript",
  css: "text/css",
  ttf: "font/ttf",
};

/** A host as an editor is one: real reports of a real store. */
export interface Host {
  readonly url: string;
  /** The messages of the page that have no answer, in order. */
  readonly received: readonly PageMessage[];
  /** Answers a message; what is to be said goes to `reply`. */
  receive(message: PageMessage, reply: (message: HostMessage) => void): Promise<void>;
  /** The live state as it is now. */
  live(): HostMessage;
  state: PageState | null;
  close(): Promise<void>;
}

/** Serves the page and answers for a store that is filled from telemetry files. */
export async function startHost(
  database: string,
  files: readonly string[],
  now: () => number,
): Promise<Host> {
  if (!existsSync(database)) await writeEmptyDatabase(database);
  const store = await openStore(database);
  const watch = watchTelemetry(store, files, { timeZone: "UTC", now });
  await watch.ready;
  const server = await serve();
  const { port } = server.address() as AddressInfo;
  const received: PageMessage[] = [];
  const host: Host = {
    url: `http://127.0.0.1:${port}/`,
    received,
    state: null,
    live: () => liveMessage(watch.state()),
    receive: async (message, reply) => {
      received.push(message);
      if (message.kind === "state") host.state = message.state;
      await answer(message, reply, { store, watch, now, state: host.state });
    },
    close: async () => {
      server.close();
      server.closeAllConnections();
      await watch.close();
      await store.close();
    },
  };
  return host;
}

interface Around {
  readonly store: Store;
  readonly watch: TelemetryWatch;
  readonly now: () => number;
  readonly state: PageState | null;
}

async function answer(
  message: PageMessage,
  reply: (message: HostMessage) => void,
  around: Around,
): Promise<void> {
  const { store, watch, now, state } = around;
  try {
    if (message.kind === "ready") {
      const descriptions = Object.values(reports).map(reportDescription);
      reply({ kind: "welcome", state, timeZone: "UTC", pinned: null, reports: descriptions });
      reply(liveMessage(watch.state()));
    } else if (message.kind === "report") {
      const report = Object.values(reports).find(({ name }) => name === message.name);
      if (report === undefined)
        throw new KnownError("bad-argument", "No such report.", { hint: "" });
      const given = Object.fromEntries(
        Object.entries(message.parameters).map(([name, value]) => [name, value ?? undefined]),
      );
      const surroundings = { now, timeZone: () => "UTC" };
      const result = await store.reading((session) =>
        runReport(session, report, given, surroundings),
      );
      reply(reportTable(message.id, result));
    } else if (message.kind === "query") {
      const table = await store.reading((session) => session.table(message.sql));
      const cut = table.rows.length > message.limit;
      reply(queryTable(message.id, table.columns, table.rows.slice(0, message.limit), cut));
    } else if (message.kind === "schema") {
      const relations = (await describeRelations()).map(({ name, row, columns }) => ({
        name,
        comment: row,
        columns: columns.map((column) => ({
          name: column.name,
          type: column.type,
          comment: column.text,
        })),
      }));
      reply({ kind: "schema", id: message.id, relations });
    } else if (message.kind === "pin") {
      reply({ kind: "pinned", sessionId: message.sessionId });
    }
  } catch (error) {
    if (!("id" in message)) throw error;
    const text = error instanceof Error ? error.message : String(error);
    reply({ kind: "failed", id: message.id, message: text });
  }
}

async function serve(): Promise<Server> {
  const html = pageHtml({ script: "/page.js", style: "/page.css", source: "'self'" });
  const server = createServer((request, response) => {
    const name = (request.url ?? "/").slice(1);
    if (name === "") {
      response.setHeader("content-type", "text/html");
      response.end(html);
      return;
    }
    if (!/^[\w-]+\.(?:js|css|ttf)$/.test(name)) {
      response.statusCode = 404;
      response.end();
      return;
    }
    response.setHeader("content-type", types[name.split(".").at(-1) ?? ""] ?? "text/plain");
    readFile(dist + name).then(
      (bytes) => response.end(bytes),
      () => {
        response.statusCode = 404;
        response.end();
      },
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}
