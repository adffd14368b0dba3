import { resolve } from "node:path";
import { openStore, rememberPlaces, type TelemetryWatch, watchTelemetry } from "@cctelemetry/core";
import { zonedClock } from "@cctelemetry/core/light";
import { type Command, Option } from "commander";
import {
  type CommonOptions,
  type DatabaseOptions,
  databasePath,
  timeZone,
  withDatabase,
} from "../options.ts";
import { noticeText } from "../output/notices.ts";
import type {
  Clock,
  DefaultPlaces,
  Environment,
  Outputs,
  Screen,
  Signals,
} from "../process/context.ts";
import { type InterruptCode, Interrupted } from "../process/failure.ts";
import { storeOptions } from "../store/open-options.ts";
import { usualPaths } from "../store/usual-paths.ts";
import { watchPaintFor } from "../watch/paint.ts";
import { showJson, showLines } from "../watch/show-lines.ts";
import { showScreen } from "../watch/show-screen.ts";

const EXAMPLES = `
Follows the files and stores what arrives, as import would; any number of these
and other commands may run at the same time. Without paths it follows what the
database was filled from, and otlp/*.jsonl in your data folder. If standard
output is not a terminal, each event is a line. q or Ctrl-C ends it.

Examples:
  cctelemetry watch
  cctelemetry watch ~/otel/claude-code.jsonl
  cctelemetry watch "logs/*.jsonl" --json | jq .today.cost_usd
  cctelemetry watch | tee live.log
`;

/** What the live view works with. */
type WatchContext = Outputs & Screen & Environment & DefaultPlaces & Clock & Signals;

interface WatchCommandOptions extends CommonOptions, DatabaseOptions {
  readonly json?: boolean;
  readonly tz?: string;
}

/** Arguments, options and action of `cctelemetry watch`. */
export function define(command: Command, context: WatchContext): void {
  command
    .argument("[path...]", "files, folders or globs")
    .addOption(new Option("--json", "one line of JSON after each change, at most five a second"))
    .addOption(
      new Option("--tz <zone>", "time zone, e.g. Europe/Berlin (default: the system's)").argParser(
        timeZone,
      ),
    );
  withDatabase(command).addHelpText("after", EXAMPLES);
  command.action(async (given: readonly string[], options: WatchCommandOptions) => {
    const exitCode = await watch(given, options, context);
    if (exitCode !== undefined) throw new Interrupted(exitCode);
  });
}

async function watch(
  given: readonly string[],
  options: WatchCommandOptions,
  context: WatchContext,
): Promise<InterruptCode | undefined> {
  const late: string[] = [];
  // On a terminal a line of its own would break the picture: it is written behind it.
  const notices =
    context.terminal === undefined
      ? {}
      : { onNotice: (sentence: string) => void late.push(noticeText(sentence)) };
  const database = resolve(databasePath(options, context));
  const store = await openStore(database, {
    writes: "small",
    damagedLog: "put aside",
    ...(await storeOptions(context)),
    ...notices,
  });
  try {
    const paths = given.length > 0 ? given : await usualPaths(store, context.places);
    const telemetry = watchTelemetry(store, paths, {
      ...(options.tz === undefined ? {} : { timeZone: options.tz }),
    });
    const noted = telemetry.ready.then(() => rememberPlaces(store, given)).catch(() => undefined);
    try {
      return await show(telemetry, options, context);
    } finally {
      await telemetry.close();
      await noted;
    }
  } finally {
    await store.close();
    await context.stderr.write(late.join(""));
  }
}

/** On a terminal the screen, else lines. */
function show(
  telemetry: TelemetryWatch,
  options: WatchCommandOptions,
  context: WatchContext,
): Promise<InterruptCode | undefined> {
  const { seconds } = zonedClock(options.tz);
  const dayAndTime = (micros: number): string => seconds(BigInt(micros));
  if (options.json === true) return showJson(telemetry, context);
  const { terminal } = context;
  if (terminal === undefined || context.env["TERM"] === "dumb") {
    return showLines(telemetry, dayAndTime, context);
  }
  const clock = (micros: number): string => dayAndTime(micros).slice(11, 19);
  return showScreen(
    telemetry,
    { terminal, paint: watchPaintFor(context.stdout, options, context.env), clock },
    context,
  );
}
