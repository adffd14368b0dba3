import type { OpenStoreOptions } from "@cctelemetry/core";
import { readSettings } from "@cctelemetry/core/light";
import { noticesTo } from "../output/notices.ts";
import type { World } from "../process/world.ts";

/**
 * What every command opens a database with: its notices go to standard error, and the user's settings
 * hold. KnownError for settings that are not usable.
 */
export async function storeOptions(world: World): Promise<OpenStoreOptions> {
  return { ...noticesTo(world), ...(await readSettings(world.places.configFolder)) };
}
