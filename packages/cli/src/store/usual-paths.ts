import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { KnownError, knownPaths, type Store } from "@cctelemetry/core";
import type { World } from "../process/world.ts";

/** What is followed if no path is named: what the database was filled from, and what `collect` writes. */
export async function usualPaths(store: Store, world: World): Promise<readonly string[]> {
  return [...(await knownPaths(store)), join(folderOf(world), "*.jsonl")];
}

/** The same for one look, without what `collect` has not written yet. KnownError if there is nothing. */
export async function usualFiles(store: Store, world: World): Promise<readonly string[]> {
  const names = await readdir(folderOf(world)).catch(() => []);
  const received = names.filter((name) => name.endsWith(".jsonl"));
  const paths = [
    ...(await knownPaths(store)),
    ...received.map((name) => join(folderOf(world), name)),
  ];
  if (paths.length > 0) return paths;
  throw new KnownError("no-telemetry", `There is no telemetry in ${folderOf(world)} yet.`, {
    hint: "Run cctelemetry init and cctelemetry collect, or pass a file.",
  });
}

function folderOf({ places }: World): string {
  return join(places.dataFolder, "otlp");
}
