import { escapeUnsafe, KnownError } from "@cctelemetry/core/light";
import type { LockContent } from "@cctelemetry/receiver";
import type { Command } from "commander";
import { startInBackground } from "../collect/background.ts";
import {
  programColumns,
  runningReceiver,
  statusColumns,
  statusRow,
  stopReceiver,
} from "../collect/control.ts";
import { runInForeground } from "../collect/foreground.ts";
import {
  type CollectOptions,
  outputPath,
  receiverOptions,
  withMetrics,
  withOutput,
  withReceiver,
} from "../collect/options.ts";
import {
  forwardFacts,
  forwardText,
  listening,
  refusedFacts,
  refusedText,
  stateText,
} from "../collect/states.ts";
import { type CommonOptions, withCommon } from "../options.ts";
import { openOutput, type RowsContext } from "../output/open.ts";
import type { Clock, DefaultPlaces, Environment, Outputs, Signals } from "../process/context.ts";

const EXAMPLES = `
Receives what Claude Code sends by OpenTelemetry, in all three protocols, and
writes it to a file as a Collector would. A request is answered when its line is
on the disk. Only programs of this machine may send; web pages may not. Ctrl-C
ends it.

Examples:
  cctelemetry collect                      in this terminal
  cctelemetry collect --background         as a process of its own
  cctelemetry collect status
  cctelemetry collect stop
  cctelemetry collect --metrics            with a page for Prometheus, on port 9465
  cctelemetry collect --forward http://collector:4318
  cctelemetry collect --self-test          sends and reads back, touches nothing of yours
  cctelemetry collect --listen 0.0.0.0 --token-file ~/.otlp-token
`;

interface FileOptions extends CommonOptions {
  readonly output?: string;
  readonly json?: boolean;
}

/** Options, subcommands and action of `cctelemetry collect`. */
export function define(
  command: Command,
  context: RowsContext & DefaultPlaces & Clock & Signals,
): void {
  // What stands behind `stop` and `status` is theirs.
  command.parent?.enablePositionalOptions();
  command.enablePositionalOptions();
  withMetrics(withReceiver(withOutput(command)))
    .option("--background", "start it as a process of its own")
    .option("--self-test", "send a known record by each protocol and read it back by SQL")
    .option("--json", "a line of JSON for each change of state")
    .addHelpText("after", EXAMPLES);
  command.action(async (options: CollectOptions) => {
    checkMetrics(options, command);
    if (options.selfTest === true) {
      const { selfTest } = await import("../collect/self-test.ts");
      await selfTest(options, context);
    } else if (options.background === true) {
      await inBackground(options, context);
    } else {
      await inForeground(options, context);
    }
  });
  const stop = command.command("stop").description("end the receiver of a file");
  withCommon(withOutput(stop)).action(async (options: FileOptions) => {
    const { pid } = await stopReceiver(outputPath(options, context), context.now);
    await context.stdout.write(`stopped process ${pid}\n`);
  });
  const status = command.command("status").description("show the receiver of a file");
  withCommon(withOutput(status))
    .option("--json", "as JSON")
    .action(async (options: FileOptions) => {
      const path = outputPath(options, context);
      await showStatus(await runningReceiver(path, context.now), path, options, context);
    });
}

/** KnownError for an option that says something of a page that is not served. */
function checkMetrics({ metrics }: CollectOptions, command: Command): void {
  if (metrics !== undefined) return;
  const given = ["metricsNames", "metricsDays", "metricsSessions", "db"].find(
    (name) => command.getOptionValueSource(name) === "cli",
  );
  if (given === undefined) return;
  const flag = `--${given.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  throw new KnownError("bad-argument", `${flag} belongs to --metrics.`, {
    hint: "collect alone writes a file; with --metrics it fills the database, too.",
  });
}

/** Receives until a signal ends it; with `--metrics` it stores what it receives, and serves the page. */
async function inForeground(
  options: CollectOptions,
  context: Outputs & Environment & DefaultPlaces & Clock & Signals,
): Promise<void> {
  const receiver = await receiverOptions(options, context);
  const asJson = options.json === true;
  if (options.metrics === undefined) return runInForeground(receiver, asJson, context);
  const { openMetrics } = await import("../collect/metrics.ts");
  const metrics = await openMetrics(options, options.metrics, receiver.output, context);
  try {
    await runInForeground({ ...receiver, page: metrics.page }, asJson, context);
  } finally {
    await metrics.close();
  }
}

async function inBackground(
  options: CollectOptions,
  context: Outputs & Environment & DefaultPlaces & Clock,
): Promise<void> {
  // What cannot work is said here, before a process is made.
  const { output } = await receiverOptions(options, context);
  const args = process.argv.slice(2).filter((each) => each !== "--background");
  const holder = await startInBackground(args, output, context);
  const state = listening(holder.addresses, output, holder.pid);
  const note = `in the background as process ${holder.pid}; cctelemetry collect stop ends it`;
  const lines = [...state.lines, note];
  await context.stdout.write(stateText({ ...state, lines }, options.json === true));
}

async function showStatus(
  holder: LockContent,
  path: string,
  { json, color, debug }: FileOptions,
  context: RowsContext,
): Promise<void> {
  const output = await openOutput(
    { color, ...(json === true ? { json } : {}), ...(debug === true ? { debug } : {}) },
    context,
  );
  try {
    const row = await statusRow(holder, path);
    if (json === true) {
      output.begin([...statusColumns, ...programColumns]);
      const forward = holder.forward === undefined ? null : forwardFacts(holder.forward);
      await output.rows([[...row, holder.refused.map(refusedFacts), forward]]);
    } else {
      // Most serve no metrics, and a table has little room.
      const shown = statusColumns.map(({ name }, at) => name !== "metrics" || row[at] !== null);
      output.begin(statusColumns.filter((_column, at) => shown[at]));
      await output.rows([row.filter((_cell, at) => shown[at])]);
    }
    const notes = [
      ...holder.refused.map(refusedText),
      ...(holder.forward === undefined ? [] : [forwardText(holder.forward)]),
    ];
    await output.end(notes.map(escapeUnsafe));
  } finally {
    output.abandon();
  }
}
