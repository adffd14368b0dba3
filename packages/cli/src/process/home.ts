import { homedir } from "node:os";
import { isAbsolute } from "node:path";
import { defaultPlaces, type Places } from "@cctelemetry/core/paths";

/** The user's home directory; empty if the system knows none. */
export function homeFolder(): string {
  try {
    const home = homedir();
    return isAbsolute(home) ? home : "";
  } catch {
    return "";
  }
}

/** The default places of this process; undefined if they depend on a home directory it has not. */
export function placesHere(home: string): Places | undefined {
  const places = defaultPlaces({ env: process.env, platform: process.platform, home });
  return Object.values(places).every((path) => isAbsolute(path)) ? places : undefined;
}
