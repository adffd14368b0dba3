import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { capturedFiles, KnownError, knownPaths, type Places, type Store } from "@cctelemetry/core";

/** What is followed if no path is named: what the database was filled from, and what `collect` writes. */
export async function usualPaths(store: Store, places: Places): Promise<readonly string[]> {
  return [...(await knownPaths(store)), capturedFiles(places)];
}

/** The same for one look, without what `collect` has not written yet. KnownError if there is nothing. */
export async function usualFiles(store: Store, places: Places): Promise<readonly string[]> {
  const names = await readdir(places.telemetryFolder).catch(() => []);
  const received = names.filter((name) => name.endsWith(".jsonl"));
  const paths = [
    ...(await knownPaths(store)),
    ...received.map((name) => join(places.telemetryFolder, name)),
  ];
  if (paths.length > 0) return paths;
  throw new KnownError("no-telemetry", `There is no telemetry in ${places.telemetryFolder} yet.`, {
    hint: "Run cctelemetry init and cctelemetry collect, or pass a file.",
  });
}
