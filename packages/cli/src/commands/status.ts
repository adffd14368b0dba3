import { statSync } from "node:fs";
import { resolve } from "node:path";
import { openStore, type StoreStatus, storeStatus, type Value } from "@cctelemetry/core";
import {
  compactBytes,
  compactCount,
  compactDuration,
  compactUsd,
  type Instant,
  type SheetColumn,
  type SheetRow,
  zonedClock,
} from "@cctelemetry/core/light";
import type { Command } from "commander";
import {
  type CommonOptions,
  type DatabaseOptions,
  databasePath,
  formatOf,
  type RowsOptions,
  withDatabase,
  withRows,
} from "../options.ts";
import { openOutput } from "../output.ts";
import type { World } from "../world.ts";

const EXAMPLES = `
A table shows totals and files; the other formats give one row per file.

Examples:
  cctelemetry status
  cctelemetry status --json
  cctelemetry report coverage      where events and metrics differ, and why
`;

interface StatusOptions extends CommonOptions, DatabaseOptions, RowsOptions {}

/** Options and action of `cctelemetry status`. */
export function define(command: Command, world: World): void {
  withDatabase(withRows(command)).addHelpText("after", EXAMPLES);
  command.action(async (options: StatusOptions) => {
    const path = resolve(databasePath(options, world));
    const output = await openOutput(options, world);
    try {
      const status = await readStatus(path);
      if (formatOf(options) === "table" || formatOf(options) === "markdown") {
        output.begin(factColumns);
        await output.rows(factRows(status, path, options.tz, world.now()));
        await output.part();
      }
      output.begin(fileColumns);
      await output.rows(
        status.files.map((file) => fileColumns.map(({ name }) => file[name] ?? null)),
      );
      await output.end([]);
    } finally {
      output.abandon();
    }
  });
}

async function readStatus(path: string): Promise<StoreStatus> {
  const store = await openStore(path);
  try {
    return await store.reading(storeStatus);
  } finally {
    store.close();
  }
}

const fileColumns: readonly SheetColumn[] = [
  { name: "path", label: "file", type: "VARCHAR", overflow: "cut-start" },
  { name: "framing", type: "VARCHAR", minor: true },
  { name: "cursor_offset", label: "read up to", type: "BIGINT", unit: "bytes" },
  { name: "size_bytes", label: "of", type: "BIGINT", unit: "bytes" },
  { name: "lines", type: "BIGINT", unit: "count" },
  { name: "records", type: "BIGINT", unit: "count" },
  { name: "rejected_lines", label: "rejected", type: "BIGINT", unit: "count" },
  { name: "last_read_at", label: "last read", type: "TIMESTAMP WITH TIME ZONE", minor: true },
  { name: "first_read_at", label: "first read", type: "TIMESTAMP WITH TIME ZONE", minor: true },
];

const factColumns: readonly SheetColumn[] = [
  { name: "what", type: "VARCHAR" },
  { name: "value", type: "VARCHAR", overflow: "wrap" },
];

function factRows(
  { totals, files }: StoreStatus,
  path: string,
  timeZone: string | undefined,
  now: number,
): readonly SheetRow[] {
  const number = (name: string): number => Number(totals[name] ?? 0);
  const counted = (name: string, what: string): string => `${compactCount(number(name))} ${what}`;
  const { size } = statSync(path);
  return [
    ["database", path],
    ["size", compactBytes(size)],
    ["files", String(files.length)],
    [
      "records",
      [
        counted("log_records", "log records"),
        counted("metric_points", "metric points"),
        counted("spans", "spans"),
      ].join(" · "),
    ],
    [
      "usage",
      [
        counted("sessions", number("sessions") === 1 ? "session" : "sessions"),
        counted("requests", number("requests") === 1 ? "request" : "requests"),
        counted("tokens", "tokens"),
        compactUsd(number("cost_usd")),
      ].join(" · "),
    ],
    ["first", timeText(totals["first_time"], timeZone, now)],
    ["latest", timeText(totals["last_time"], timeZone, now)],
    ["complete", completeText(totals)],
    ["rejected", `${number("rejected_lines")} lines`],
  ];
}

function timeText(
  value: Value | undefined,
  timeZone: string | undefined,
  now: number,
): string | null {
  if (!isInstant(value)) return null;
  const ago = now - Number(value.micros / 1000n);
  const shown = zonedClock(timeZone).seconds(value.micros);
  return ago < 0 ? shown : `${shown} (${compactDuration(ago)} ago)`;
}

function isInstant(value: Value | undefined): value is Instant {
  return typeof value === "object" && value !== null && "micros" in value;
}

function completeText(totals: StoreStatus["totals"]): string | null {
  const compared = Number(totals["compared_sessions"] ?? 0);
  if (compared === 0) return null;
  const agreeing = Number(totals["agreeing_sessions"] ?? 0);
  const causes = totals["likely_causes"];
  const why = Array.isArray(causes) && causes.length > 0 ? ` (else: ${causes.join(", ")})` : "";
  return `events and metrics agree in ${agreeing} of ${compared} sessions${why}`;
}
