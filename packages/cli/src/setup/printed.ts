import type { Variable } from "@cctelemetry/core/light";
import { collectorConfig, composeFile } from "@cctelemetry/core/light";
import type { DefaultPlaces } from "../process/context.ts";
import { collectorFor, type InitOptions, namesTargets, shellFor } from "./init-options.ts";
import type { SetupContext } from "./plan.ts";
import { shellLines } from "./shells.ts";

/**
 * What belongs where, as text: lines for a shell (also where nothing is named), JSON for settings,
 * a Collector's files.
 */
export function printed(
  options: InitOptions,
  variables: readonly Variable[],
  setup: SetupContext,
  context: DefaultPlaces,
): string {
  const { settings, collector } = options;
  const shell = options.shell ?? (namesTargets(options) ? undefined : true);
  const parts: string[] = [];
  if (settings !== undefined) {
    const env = Object.fromEntries(variables.map(({ name, value }) => [name, value]));
    parts.push(`${JSON.stringify({ env }, null, 2)}\n`);
  }
  if (shell !== undefined) parts.push(shellLines(shellFor(shell, setup), variables));
  if (collector !== undefined) {
    const files = collectorFor(collector, options, context.places);
    parts.push(collectorConfig(files), composeFile(files));
  }
  return parts.join("\n");
}
