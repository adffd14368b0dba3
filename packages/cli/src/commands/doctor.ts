import { resolve } from "node:path";
import { KnownError } from "@cctelemetry/core/light";
import type { Command } from "commander";
import { examine } from "../doctor/checks/all.ts";
import type { Finding } from "../doctor/finding.ts";
import { gather } from "../doctor/gather/all.ts";
import {
  type FindingPaint,
  failureSentence,
  findingColumns,
  findingRows,
  findingsText,
} from "../doctor/show.ts";
import {
  type CommonOptions,
  type DatabaseOptions,
  databasePath,
  formatOf,
  type RowsOptions,
  withDatabase,
  withRows,
} from "../options.ts";
import { openOutput, type RowsContext } from "../output/open.ts";
import { style, usesColour } from "../output/paint.ts";
import type { Clock, DefaultPlaces, Environment, Home, Outputs } from "../process/context.ts";
import { exitCodes, ProgramEnded } from "../process/failure.ts";

const EXAMPLES = `
Checks the variables of this shell, Claude Code's settings, what listens where
telemetry is sent to, files, database and clock, and what has arrived in the
last 30 days. Changes nothing and asks only this machine.
Ends with 1 if something is lost or wrong.

Examples:
  cctelemetry doctor
  cctelemetry doctor --json | jq '.[] | select(.level == "failure")'
  cctelemetry collect --self-test      sends a request through all protocols
`;

interface DoctorOptions extends CommonOptions, DatabaseOptions, RowsOptions {}

/** What facts are gathered and shown with. */
type DoctorContext = RowsContext & Home & DefaultPlaces & Clock;

/** Options and action of `cctelemetry doctor`. */
export function define(command: Command, context: DoctorContext): void {
  withDatabase(withRows(command)).addHelpText("after", EXAMPLES);
  command.action((options: DoctorOptions) => doctor(options, context));
}

async function doctor(options: DoctorOptions, context: DoctorContext): Promise<void> {
  const output = await openOutput(options, context);
  try {
    const findings = examine(await gather(resolve(databasePath(options, context)), context));
    if (formatOf(options) === "table" && options.output === undefined) {
      await showList(findings, options, context);
      // The list says it all, failures first.
      if (failureSentence(findings) !== undefined) throw new ProgramEnded(exitCodes.known);
    } else {
      output.begin(findingColumns);
      await output.rows(findingRows(findings));
      await output.end([]);
    }
    const failed = failureSentence(findings);
    if (failed !== undefined) {
      const fix = findings.find(({ level }) => level === "failure")?.fix;
      throw new KnownError("unhealthy", failed, fix === undefined ? {} : { hint: fix });
    }
  } finally {
    output.abandon();
  }
}

/** A list reads better than a table whose cells are sentences. */
async function showList(
  findings: readonly Finding[],
  options: DoctorOptions,
  context: Outputs & Environment,
): Promise<void> {
  const width = Math.min(context.stdout.columns ?? 100, 100);
  const painted = usesColour(context.stdout, options, context.env);
  const inStyle = (format: Parameters<typeof style>[0]) =>
    painted ? style(format) : (text: string): string => text;
  const paint: FindingPaint = {
    level: {
      failure: inStyle("red"),
      warning: inStyle("yellow"),
      note: inStyle("cyan"),
      ok: inStyle("green"),
    },
    quiet: inStyle("dim"),
    strong: inStyle("bold"),
  };
  await context.stdout.write(findingsText(findings, width, paint));
}
