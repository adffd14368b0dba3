import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { KnownError, knownPaths, type Store } from "@cctelemetry/core";
import type { CommandContext } from "../process/context.ts";

/** What is followed if no path is named: what the database was filled from, and what `collect` writes. */
export async function usualPaths(
  store: Store,
  context: CommandContext,
): Promise<readonly string[]> {
  return [...(await knownPaths(store)), join(folderOf(context), "*.jsonl")];
}

/** The same for one look, without what `collect` has not written yet. KnownError if there is nothing. */
export async function usualFiles(
  store: Store,
  context: CommandContext,
): Promise<readonly string[]> {
  const names = await readdir(folderOf(context)).catch(() => []);
  const received = names.filter((name) => name.endsWith(".jsonl"));
  const paths = [
    ...(await knownPaths(store)),
    ...received.map((name) => join(folderOf(context), name)),
  ];
  if (paths.length > 0) return paths;
  throw new KnownError("no-telemetry", `There is no telemetry in ${folderOf(context)} yet.`, {
    hint: "Run cctelemetry init and cctelemetry collect, or pass a file.",
  });
}

function folderOf({ places }: CommandContext): string {
  return join(places.dataFolder, "otlp");
}
