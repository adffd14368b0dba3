import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import {
  type Family,
  Follower,
  KnownError,
  METRICS_TYPE,
  MetricsReader,
  messageOf,
  metricsText,
  openStore,
} from "@cctelemetry/core";
import type { MetricsPage } from "@cctelemetry/receiver";
import { databasePath } from "../options.ts";
import { noticeText } from "../output/notices.ts";
import type { Clock, DefaultPlaces, Outputs } from "../process/context.ts";
import { storeOptions } from "../store/open-options.ts";
import type { CollectOptions } from "./options.ts";

/** The page of metrics, and the following of the file that fills the database behind it. */
export interface MetricsSource {
  readonly page: MetricsPage;
  /** Stores what was read, and lets go of the file and the database. */
  readonly close: () => Promise<void>;
}

/** Series of a family that keep their labels: what Prometheus takes from one target without effort. */
const MOST_SERIES = 10_000;
const DAY_MS = 86_400_000;
/** How long a page waits for a database that others use, milliseconds. */
const WAIT_MS = 3_000;
/** A page is computed again after so long, since series leave the window, milliseconds. */
const KEEP_MS = 60_000;

/**
 * Opens the database, stores what the receiver writes to `output`, and computes the page from what is
 * stored. KnownError if the database cannot be opened.
 */
export async function openMetrics(
  options: CollectOptions,
  port: number,
  output: string,
  context: Outputs & DefaultPlaces & Clock,
): Promise<MetricsSource> {
  const database = resolve(databasePath(options, context));
  const store = await openStore(database, {
    writes: "small",
    damagedLog: "put aside",
    waitMs: WAIT_MS,
    ...(await storeOptions(context)),
  });
  try {
    // A database that is there holds what the page shows from the first request on.
    await store.writing(() => Promise.resolve());
  } catch (error) {
    await store.close();
    throw error;
  }
  let fault: unknown;
  const follow = (): Follower => {
    const begun = new Follower(store, [output]);
    begun.ended.catch((error: unknown) => {
      fault = error;
      const { message, hint } = stoppedFollowing(output, error);
      void context.stderr.write(noticeText(`${message} ${hint}`));
    });
    return begun;
  };
  let follower = follow();
  /** A database that was deleted is filled again from the start. */
  const beginAgain = async (): Promise<void> => {
    await follower.close();
    await store.writing(() => Promise.resolve());
    follower = follow();
  };
  const reader = new MetricsReader({
    names: options.metricsNames,
    sessions: options.metricsSessions === true,
    windowMs: options.metricsDays * DAY_MS,
    mostSeries: MOST_SERIES,
  });
  const read = (): Promise<readonly Family[]> =>
    store.reading((session) => reader.read(session, context.now() * 1000));
  const families = keptWhileSame(database, context.now, () =>
    read().catch(async (error: unknown) => {
      if (!(error instanceof KnownError && error.code === "store-missing")) throw error;
      await beginAgain();
      return read();
    }),
  );
  const text = async (): Promise<string> => {
    if (fault !== undefined) throw stoppedFollowing(output, fault);
    return metricsText([...(await families()), ...storing(follower)]);
  };
  return {
    page: { port, mediaType: METRICS_TYPE, text },
    close: async () => {
      await follower.close();
      await store.close();
    },
  };
}

/** What was computed last, as long as nobody has written to the database; one computation at a time. */
function keptWhileSame(
  database: string,
  now: () => number,
  compute: () => Promise<readonly Family[]>,
): () => Promise<readonly Family[]> {
  let kept: { signature: string; families: readonly Family[] } | undefined;
  let running: Promise<readonly Family[]> | undefined;
  const renewed = async (): Promise<readonly Family[]> => {
    const signature = `${await changesOf(database)} ${Math.floor(now() / KEEP_MS)}`;
    if (kept?.signature !== signature) kept = { signature, families: await compute() };
    return kept.families;
  };
  return () => {
    running ??= renewed().finally(() => {
      running = undefined;
    });
    return running;
  };
}

/** Another text after every change of the database: every commit writes to its file or its log. */
async function changesOf(database: string): Promise<string> {
  const files = [database, `${database}.wal`].map((path) =>
    stat(path, { bigint: true }).then(
      ({ mtimeNs, size, ino }) => `${mtimeNs} ${size} ${ino}`,
      () => "",
    ),
  );
  return (await Promise.all(files)).join(" ");
}

/** How far the database is behind the telemetry file, and whether it takes what is read. */
function storing({ files, storeError }: Follower): readonly Family[] {
  const unread = files.reduce(
    (sum, { sizeBytes, progress }) => sum + Math.max(0, sizeBytes - (progress?.offset ?? 0)),
    0,
  );
  return [
    gauge("cctelemetry_unread_bytes", "Bytes of received telemetry that are not read yet", unread),
    gauge(
      "cctelemetry_store_fault",
      "Whether the database does not take what was read: 1 if so, else 0",
      storeError === undefined ? 0 : 1,
    ),
  ];
}

function gauge(name: string, help: string, value: number): Family {
  const series = { key: "", labels: {}, value: BigInt(value), firstTime: 0, lastTime: 0 };
  return { name, type: "gauge", help, scale: 1, series: [series] };
}

function stoppedFollowing(output: string, fault: unknown): KnownError {
  return new KnownError("not-running", `${output} is no longer followed: ${messageOf(fault)}.`, {
    hint: "Start cctelemetry collect again: nothing that was received is lost.",
    cause: fault,
  });
}
