import type { OpenStoreOptions } from "@cctelemetry/core";
import { readSettings } from "@cctelemetry/core/light";
import { noticesTo } from "../output/notices.ts";
import type { DefaultPlaces, Outputs } from "../process/context.ts";

/**
 * What every command opens a database with: its notices go to standard error, and the user's settings
 * hold. KnownError for settings that are not usable.
 */
export async function storeOptions(context: Outputs & DefaultPlaces): Promise<OpenStoreOptions> {
  return { ...noticesTo(context), ...(await readSettings(context.places.configFolder)) };
}
