import { existsSync } from "node:fs";
import { KnownError, openStore, storeHealth, storeStatus } from "@cctelemetry/core";
import type { DefaultPlaces, Outputs } from "../../process/context.ts";
import { storeOptions } from "../../store/open-options.ts";
import type { StoreFacts } from "../facts.ts";

/** Older telemetry is not looked at: what was wrong then cannot be mended now. */
const LOOK_BACK_MS = 30 * 24 * 3600 * 1000;

/** The longest wait for the database, milliseconds: a person waits for the answer. */
const PATIENCE_MS = 5_000;

/** Asks the database what it knows; `now` in milliseconds since 1970. */
export async function gatherStore(
  path: string,
  now: number,
  context: Outputs & DefaultPlaces,
): Promise<StoreFacts> {
  if (!existsSync(path)) return { kind: "missing", path };
  try {
    return await ask(path, now, context);
  } catch (error) {
    if (!(error instanceof KnownError)) throw error;
    return { kind: "failed", message: error.message, hint: error.hint };
  }
}

async function ask(
  path: string,
  now: number,
  context: Outputs & DefaultPlaces,
): Promise<StoreFacts> {
  const store = await openStore(path, await storeOptions(context));
  try {
    store.hurry(PATIENCE_MS);
    const micros = (ms: number): bigint => BigInt(Math.round(ms)) * 1000n;
    const status = await storeStatus(store, micros(now));
    const health = await storeHealth(store, micros(now - LOOK_BACK_MS), micros(now));
    return { kind: "read", status, health };
  } finally {
    await store.close();
  }
}
