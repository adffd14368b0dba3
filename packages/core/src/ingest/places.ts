import { resolve } from "node:path";
import { isDynamicPattern } from "tinyglobby";
import { statPath } from "../source/find/stat-path.ts";
import type { Store } from "../store/store.ts";
import findPlaces from "./sql/find_places.sql";
import insertPlace from "./sql/insert_place.sql";

/** A folder or pattern that was named, by its absolute path. */
interface Place {
  readonly path: string;
  readonly kind: "folder" | "pattern";
}

/**
 * Notes the folders and patterns among paths in the database, so that what is new in them is found
 * when no path is named. Does nothing while there is no database.
 */
export async function rememberPlaces(store: Store, paths: readonly string[]): Promise<void> {
  const named = paths.map(placeOf).filter((place) => place !== undefined);
  if (named.length === 0 || !store.exists) return;
  const known = new Set(
    await store.peeking(async (session) => {
      const rows = await session.rows(findPlaces);
      return rows.map(({ path }) => String(path));
    }),
  );
  const fresh = named.filter(({ path }) => !known.has(path));
  if (fresh.length === 0) return;
  await store.writing(async (session) => {
    for (const { path, kind } of fresh) await session.run(insertPlace, { path, kind });
  }, "small");
}

function placeOf(path: string): Place | undefined {
  const kind = kindOf(path);
  return kind === undefined ? undefined : { path: resolve(path), kind };
}

/** Throws the known error of a path of which the system refuses to say what it is. */
function kindOf(path: string): Place["kind"] | undefined {
  if (path === "-") return undefined;
  const there = statPath(path);
  if (there.kind === "unreadable") throw there.error;
  if (there.kind === "directory") return "folder";
  return there.kind === "missing" && isDynamicPattern(path) ? "pattern" : undefined;
}
