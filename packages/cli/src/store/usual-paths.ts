import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { KnownError, knownPaths, type Places, type Store } from "@cctelemetry/core";

/** What is followed if no path is named: what the database was filled from, and what `collect` writes. */
export async function usualPaths(store: Store, places: Places): Promise<readonly string[]> {
  return [...(await knownPaths(store)), join(folderOf(places), "*.jsonl")];
}

/** The same for one look, without what `collect` has not written yet. KnownError if there is nothing. */
export async function usualFiles(store: Store, places: Places): Promise<readonly string[]> {
  const names = await readdir(folderOf(places)).catch(() => []);
  const received = names.filter((name) => name.endsWith(".jsonl"));
  const paths = [
    ...(await knownPaths(store)),
    ...received.map((name) => join(folderOf(places), name)),
  ];
  if (paths.length > 0) return paths;
  throw new KnownError("no-telemetry", `There is no telemetry in ${folderOf(places)} yet.`, {
    hint: "Run cctelemetry init and cctelemetry collect, or pass a file.",
  });
}

function folderOf({ dataFolder }: Places): string {
  return join(dataFolder, "otlp");
}
