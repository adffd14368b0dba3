import type { MeterOptions } from "@cctelemetry/core/meter";

/** What a refresh of one session's numbers needs; crosses to a process of its own as JSON. */
export interface RefreshRequest extends MeterOptions {
  /** Files, folders and globs, absolute; empty for the usual ones. */
  readonly paths: readonly string[];
  readonly database: string;
  /** The pattern of the usual ones. */
  readonly capturedFiles: string;
}

/** The file that is there while a refresh runs. */
export function markOf(meterPath: string): string {
  return `${meterPath}.refreshing`;
}
