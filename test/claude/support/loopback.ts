import { type ChildProcess, spawn } from "node:child_process";
import type { Server } from "node:net";
import { absolute } from "../../support/source-tree.ts";

/** A network in which nothing but this machine can be reached. */
export interface Loopback {
  /** False where the system does not let us make one: programs are then kept in by a dead proxy. */
  readonly isIsolated: boolean;
  /** A socket that listens inside, on 127.0.0.1, for a server of this process. */
  readonly socket: Server;
  /** What a command line has to begin with to run inside. */
  readonly launcher: readonly string[];
  /** What a program inside needs in its environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly close: () => Promise<void>;
}

interface Means {
  readonly enter: (process: number) => readonly string[];
  readonly make: readonly string[];
}

const isRoot = process.getuid?.() === 0;
const bringUp = ["sh", "-c", 'ip link set lo up && exec "$@"', "sh"];

/** A network namespace; without the rights of root it takes a user namespace around it. */
const namespace: Means = isRoot
  ? {
      make: ["unshare", "--net", "--", ...bringUp],
      enter: (process) => ["nsenter", "--target", `${process}`, "--net", "--"],
    }
  : {
      make: ["unshare", "--map-root-user", "--net", "--", ...bringUp],
      enter: (process) => {
        const into = ["--target", `${process}`, "--user", "--preserve-credentials", "--net"];
        return ["nsenter", ...into, "--"];
      },
    };

const nothing: Means = { make: [], enter: () => [] };

/** Nobody listens on port 9, so that whatever does not go to this machine goes nowhere. */
const deadProxy = "http://127.0.0.1:9";
const deadEnd: Readonly<Record<string, string>> = {
  HTTP_PROXY: deadProxy,
  HTTPS_PROXY: deadProxy,
  NO_PROXY: "127.0.0.1,localhost",
};

/** Opens the network, isolated where the system allows it. */
export async function openLoopback(): Promise<Loopback> {
  const isolated = await open(namespace);
  if (isolated !== undefined) return { ...isolated, isIsolated: true, env: {} };
  const shared = await open(nothing);
  if (shared === undefined) throw new Error("No socket could be opened on 127.0.0.1.");
  return { ...shared, isIsolated: false, env: deadEnd };
}

type Opened = Pick<Loopback, "socket" | "launcher" | "close">;

async function open({ make, enter }: Means): Promise<Opened | undefined> {
  const child = absolute("test/claude/support/loopback-child.mjs");
  const [file = "", ...args] = [...make, process.execPath, child];
  // In a group of its own it outlives this process for long enough to end what is left.
  const stdio = ["ignore", "ignore", "ignore", "ipc"] as const;
  const holder = spawn(file, args, { detached: true, stdio: [...stdio] });
  const socket = await socketFrom(holder);
  if (socket === undefined || holder.pid === undefined) return undefined;
  const close = async (): Promise<void> => {
    const ended = new Promise((resolve) => holder.once("exit", resolve));
    holder.kill();
    await ended;
  };
  return { socket, launcher: enter(holder.pid), close };
}

/** What the child hands over; undefined where it ends before it does. */
function socketFrom(holder: ChildProcess): Promise<Server | undefined> {
  return new Promise((resolve) => {
    holder.once("message", (_text, handle) => resolve(handle as Server));
    holder.once("error", () => resolve(undefined));
    holder.once("close", () => resolve(undefined));
  });
}
