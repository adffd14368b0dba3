import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { browserPath } from "../support/chromium.ts";
import { attacks } from "./support/attacks.ts";
import { send } from "./support/http-client.ts";
import { type Lab, startLab } from "./support/lab.ts";
import { mediaTypes, sample } from "./support/requests.ts";

if (browserPath === undefined) {
  if (process.env["CI"] === "true") throw new Error("The attacks of web pages need Chromium.");
  process.stderr.write(
    "No Chromium here: the attacks of web pages are left out (apt-get install chromium).\n",
  );
}

/** Names that lead to this machine, as a name server of the attacker's would have it. */
const rebound = ["evil.test", "localhost.evil.test", "127.0.0.1.evil.test"];

/** How long requests of a page may be under way. */
const SETTLE_MS = 1_500;

describe.runIf(browserPath !== undefined)("web pages in Chromium", () => {
  let browser: Browser;
  let pages: Site;
  let lab: Lab;
  let trusting: Site;

  beforeAll(async () => {
    const rules = [...rebound.map((name) => `MAP ${name} 127.0.0.1`), "MAP * ~NOTFOUND"];
    const excluded = ["127.0.0.1", "localhost"].map((name) => `EXCLUDE ${name}`);
    browser = await chromium.launch({
      executablePath: browserPath ?? "",
      args: [
        "--no-sandbox",
        `--host-resolver-rules=${[...rules, ...excluded].join(", ")}`,
        // The receiver must hold by itself, in browsers without such checks, too.
        "--disable-features=LocalNetworkAccessChecks,PrivateNetworkAccessSendPreflights",
      ],
    });
    pages = await startPages();
    lab = await startLab();
    trusting = await startTrusting();
  });

  afterAll(async () => {
    await browser?.close();
    pages?.server.close();
    trusting?.server.close();
    await lab?.close();
  });

  /** Tries every attack from the pages given, and returns how many there were. */
  async function attackAll(from: readonly Origin[], port: number, prefix: string): Promise<number> {
    const context = await browser.newContext();
    const tried = from.map(async ({ url, host }, at) => {
      const page = await context.newPage();
      await page.goto(url, { waitUntil: "commit" });
      for (const [number, script] of Object.values(attacks).entries()) {
        const id = `${prefix} ${at}/${number}`;
        await attack(page, script, `${host}:${port}`, id, pages.port);
      }
      await pause(SETTLE_MS);
    });
    await Promise.all(tried);
    await context.close();
    return from.length * Object.keys(attacks).length;
  }

  /** Pages of another port of this machine, and of another site. */
  const foreign = (): readonly Origin[] => [
    { url: `http://127.0.0.1:${pages.port}/`, host: "127.0.0.1" },
    { url: `http://127.0.0.1:${pages.port}/`, host: "localhost" },
    { url: `http://evil.test:${pages.port}/`, host: "127.0.0.1" },
  ];

  /** Pages that the server itself has answered with under the attacker's names: one origin. */
  const ofItsOwn = (port: number): readonly Origin[] =>
    rebound.map((host) => ({ url: `http://${host}:${port}/health`, host }));

  test("write into a server that trusts them: the attacks are real", async () => {
    const { port, bodies } = trusting;
    await attackAll([...foreign(), ...ofItsOwn(port)], port, "trusting");
    const arrived = new Set(bodies.flatMap((body) => body.match(/trusting \d+\/\d+/g) ?? []));
    expect(arrived.size).toBeGreaterThan(100);
  });

  test("write nothing over HTTP", async () => {
    const port = portOf(lab.http);
    const tried = await attackAll([...foreign(), ...ofItsOwn(port)], port, "http");
    expect(tried).toBeGreaterThan(40);
    expect(lab.lines()).toEqual([]);
    expect(lab.receiver.counts()).toMatchObject({ accepted: { logs: 0, metrics: 0, traces: 0 } });
  });

  test("write nothing into the port of gRPC", async () => {
    await attackAll(foreign(), portOf(lab.grpc), "grpc");
    expect(lab.lines()).toEqual([]);
  });

  test("have harmed nobody", async () => {
    const { path, headers, body } = {
      path: "/v1/logs",
      headers: { "content-type": mediaTypes.json },
      body: sample("logs", "own").body("json"),
    };
    expect(await send(lab.http, { path, headers, body })).toMatchObject({ status: 200 });
    expect(lab.ids()).toEqual(["own"]);
  });
});

interface Origin {
  /** The page that attacks. */
  readonly url: string;
  /** The name under which it calls this machine. */
  readonly host: string;
}

function portOf(address: string): number {
  return Number(address.split(":")[1]);
}

async function attack(
  page: Page,
  script: string,
  target: string,
  id: string,
  ownPort: number,
): Promise<void> {
  const given = { target, path: "/v1/logs", body: sample("logs", id).line };
  const own = `location.protocol + "//" + location.hostname + ":${ownPort}"`;
  const code = `(() => {
    const { target, path, body } = ${JSON.stringify(given)};
    const url = "http://" + target + path;
    const own = ${own};
    try { Promise.resolve(${script}).catch(() => undefined); } catch {}
  })()`;
  await page.evaluate(code);
}

interface Site {
  readonly server: Server;
  readonly port: number;
  /** The bodies and URLs that were sent to it. */
  readonly bodies: readonly string[];
}

/** The attacker's own server: an empty page, and redirects to wherever is asked for. */
function startPages(): Promise<Site> {
  return startSite((url, headers) => {
    const [, code, to] = /^\/redirect\/(\d+)\/(.*)$/.exec(url) ?? [];
    if (to === undefined) return { status: 200, headers };
    return { status: Number(code), headers: { ...headers, location: `http://${to}` } };
  });
}

/** What a receiver is that looks at nothing: it allows everything and keeps every body. */
function startTrusting(): Promise<Site> {
  return startSite((_, headers) => ({ status: 200, headers }));
}

type Headers = Readonly<Record<string, string>>;

async function startSite(
  answer: (url: string, headers: Headers) => { readonly status: number; readonly headers: Headers },
): Promise<Site> {
  const bodies: string[] = [];
  const server = createServer(async (request, response) => {
    const open = {
      "access-control-allow-origin": request.headers.origin ?? "*",
      "access-control-allow-headers": "content-type",
      "access-control-allow-credentials": "true",
    };
    let body = "";
    for await (const chunk of request) body += String(chunk);
    if (request.method === "POST") bodies.push(body);
    const { status, headers } = answer(request.url ?? "", open);
    response.writeHead(status, { "content-type": "text/html", ...headers }).end("<body></body>");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { server, port: (server.address() as AddressInfo).port, bodies };
}
