import { storeDefinition } from "./semantics/definition.ts";
import { openStoreWith, type Store, type StoreOptions } from "./store/store.ts";

/**
 * Opens the database at a path, with the views of this version. The file is
 * touched only during leases; the first that writes creates it, its folder
 * included, for the user's eyes alone.
 */
export function openStore(path: string, options: StoreOptions = {}): Promise<Store> {
  return openStoreWith(storeDefinition, path, options);
}
