import { createServer } from "node:net";
import { programCommand, type Running, start } from "../../support/running.ts";

/** `cctelemetry collect` in a process of its own. */
export interface CollectProcess {
  readonly pid: number;
  readonly http: string;
  readonly grpc: string;
  readonly running: Running;
}

export interface CollectWish {
  readonly output: string;
  /** Default: free ones. */
  readonly ports?: Ports;
  readonly options?: readonly string[];
  /** A program in front of it that runs it, e.g. in another name space. */
  readonly launcher?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export interface Ports {
  readonly http: number;
  readonly grpc: number;
}

/** Starts the built program and waits until it listens; it is ended with the test. Throws what it says. */
export async function startCollect(wish: CollectWish): Promise<CollectProcess> {
  const { output, ports = { http: 0, grpc: 0 }, options = [], launcher = [], env = {} } = wish;
  const at = ["--port", String(ports.http), "--grpc-port", String(ports.grpc)];
  const command = [...launcher, ...programCommand, "collect", "--json", "-o", output, ...at];
  const running = start([...command, ...options], env);
  let code: unknown;
  void running.ended.then((ended) => {
    code = ended;
  });
  await running.until(() => running.stdout().includes("\n") || code !== undefined);
  if (code !== undefined) throw new Error(`ended with ${String(code)}: ${running.stderr()}`);
  const [line = ""] = running.stdout().split("\n");
  const { pid, http, grpc } = JSON.parse(line) as { pid: number; http: string; grpc: string };
  return { pid, http: http.replace("http://", ""), grpc: grpc.replace("http://", ""), running };
}

/** Two ports that nobody uses now, to be used again and again. */
export async function freePorts(): Promise<Ports> {
  const [http, grpc] = await Promise.all([freePort(), freePort()]);
  return { http, grpc };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" ? (address?.port ?? 0) : 0));
    });
  });
}
