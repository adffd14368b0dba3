import { readdir, readFile, readlink } from "node:fs/promises";
import { request } from "node:http";

const ANSWER_MS = 1_000;

/**
 * Who listens on a port of this machine, in words: `another receiver (process
 * 71)`, `node (process 71)`, `another program`.
 */
export async function holderOf(host: string, port: number): Promise<string> {
  const receiver = await receiverAt(host, port);
  if (receiver !== undefined) return `another receiver (process ${receiver})`;
  return (await processAt(port).catch(() => undefined)) ?? "another program";
}

/** The process number of a receiver that answers there; undefined if none does. */
export function receiverAt(host: string, port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const probe = request(
      {
        host,
        port,
        path: "/health",
        timeout: ANSWER_MS,
        headers: { host: "localhost" },
        // The agent that all share sends to a proxy where NODE_USE_ENV_PROXY is set.
        agent: false,
      },
      (response) => {
        response.resume();
        const pid = Number(response.headers["x-cctelemetry-pid"]);
        resolve(Number.isSafeInteger(pid) && pid > 0 ? pid : undefined);
      },
    );
    probe.once("timeout", () => probe.destroy());
    probe.once("error", () => resolve(undefined));
    probe.once("close", () => resolve(undefined));
    probe.end();
  });
}

/** The program that listens there; Linux only, and only the user's own processes. */
async function processAt(port: number): Promise<string | undefined> {
  const socket = await listeningSocket(port);
  if (socket === undefined) return undefined;
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  for (const pid of pids) {
    const open = await readdir(`/proc/${pid}/fd`).catch(() => []);
    for (const descriptor of open) {
      const target = await readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => "");
      if (target !== `socket:[${socket}]`) continue;
      const name = (await readFile(`/proc/${pid}/comm`, "utf8")).trim();
      return `${name} (process ${pid})`;
    }
  }
  return undefined;
}

/** The number of the socket that listens on a port. */
async function listeningSocket(port: number): Promise<string | undefined> {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  for (const table of ["/proc/net/tcp", "/proc/net/tcp6"]) {
    const lines = (await readFile(table, "utf8").catch(() => "")).split("\n");
    for (const line of lines) {
      const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
      if (local?.endsWith(wanted) && state === "0A") return inode;
    }
  }
  return undefined;
}
