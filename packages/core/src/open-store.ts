import type { OwnTags } from "./model/own-tags.ts";
import { storeDefinitionWith } from "./semantics/definition.ts";
import { openStoreWith, type Store, type StoreOptions } from "./store/store.ts";

/** How a database is opened. */
export interface OpenStoreOptions extends StoreOptions {
  /** Names of tags that stand for workflow, stage, task and agent, as the settings have them. */
  readonly ownTags?: OwnTags;
}

/**
 * Opens the database at a path, with the views of this version. The file is
 * touched only during leases; the first that writes creates it, its folder
 * included, for the user's eyes alone.
 */
export function openStore(path: string, options: OpenStoreOptions = {}): Promise<Store> {
  const { ownTags = {}, ...others } = options;
  return openStoreWith(storeDefinitionWith(ownTags), path, { ...others, ownTags });
}

/** Creates the views of a database again if they are of another version. */
export function renewViews(store: Store): Promise<void> {
  return store.writing(() => Promise.resolve());
}
