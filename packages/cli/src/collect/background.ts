import { spawn } from "node:child_process";
import { mkdir, open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { escapeUnsafe, KnownError } from "@cctelemetry/core/light";
import { type LockContent, lockHolder } from "@cctelemetry/receiver";
import type { Clock, DefaultPlaces } from "../process/context.ts";

const START_MS = 15_000;
const POLL_MS = 50;

/**
 * Starts the same command again as a process of its own, and comes back when it
 * listens. What it says goes to a log beside the database.
 */
export async function startInBackground(
  args: readonly string[],
  output: string,
  { places, now }: DefaultPlaces & Clock,
): Promise<LockContent> {
  const log = join(places.dataFolder, "collect.log");
  await mkdir(places.dataFolder, { recursive: true, mode: 0o700 });
  const file = await open(log, "w", 0o600);
  const before = await lockHolder(output, now);
  const script = process.argv[1] ?? "";
  const child = spawn(process.execPath, [...process.execArgv, script, ...args], {
    detached: true,
    stdio: ["ignore", file.fd, file.fd],
    windowsHide: true,
  });
  let ended = false;
  for (const event of ["exit", "error"]) {
    child.once(event, () => {
      ended = true;
    });
  }
  await file.close();
  const until = now() + START_MS;
  while (now() < until) {
    const found = await lockHolder(output, now);
    const holder = found.kind === "held" ? found.holder : undefined;
    if (holder?.pid === child.pid && holder?.state === "serving") {
      child.unref();
      return holder;
    }
    if (ended) throw await failure(log, before.kind === "held");
    await wait(POLL_MS);
  }
  child.unref();
  throw new KnownError(
    "not-started",
    `The receiver did not start listening within ${START_MS / 1000} s.`,
    {
      hint: `See ${log}; cctelemetry collect stop ends it.`,
    },
  );
}

/** What the process reported before it ended, as our own error. */
async function failure(log: string, wasHeld: boolean): Promise<KnownError> {
  const lines = (await readFile(log, "utf8").catch(() => "")).split("\n");
  const reported = lines.find((line) => line.startsWith("cctelemetry: "));
  const hint = lines.find((line) => line.startsWith("hint: "))?.slice("hint: ".length);
  const message = reported?.slice("cctelemetry: ".length) ?? "The receiver could not be started.";
  return new KnownError(wasHeld ? "already-running" : "not-started", escapeUnsafe(message), {
    hint: hint ?? `See ${log}.`,
  });
}
