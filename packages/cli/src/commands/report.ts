import {
  type GivenParameters,
  openStore,
  type Report,
  type ReportParameter,
  type ReportResult,
  reportParameters,
  reports,
  runReport,
} from "@cctelemetry/core";
import { KnownError } from "@cctelemetry/core/light";
import { type Command, Option } from "commander";
import {
  type CommonOptions,
  type DatabaseOptions,
  databasePath,
  formatOf,
  type RowsOptions,
  withCommon,
  withDatabase,
  withRows,
} from "../options.ts";
import { openOutput, type RowsContext } from "../output/open.ts";
import { footerText, priceNote, tagsText } from "../output/report-footer.ts";
import type { DefaultPlaces, Outputs } from "../process/context.ts";
import { storeOptions } from "../store/open-options.ts";
import { reportMeant } from "../usage/suggestion.ts";

const EXAMPLES = `
Examples:
  cctelemetry report                            list the reports
  cctelemetry report summary
  cctelemetry report stages --last 7d --workflow .claude-4nq
  cctelemetry report models --since 2026-11-01 --until 2026-11-30 --format csv
  cctelemetry report session 0193a7b2 --json
  cctelemetry report stages --help              what one report can be asked
`;

interface ListOptions extends CommonOptions, RowsOptions {}

type ReportOptions = ListOptions & DatabaseOptions & { readonly [P in ReportParameter]?: string };

/** Arguments, options and action of `cctelemetry report` and of each report. */
export function define(command: Command, context: RowsContext & DefaultPlaces): void {
  command.addHelpText("after", EXAMPLES);
  withRows(command);
  command.argument("[name]", "the report; without one they are listed");
  command.action((name: string | undefined, options: ListOptions) => {
    if (name !== undefined) throw unknownReport(name);
    return listReports(options, context);
  });
  for (const report of Object.values(reports)) defineReport(command, report, context);
}

function defineReport(parent: Command, report: Report, context: RowsContext & DefaultPlaces): void {
  const command = parent.command(report.name).summary(report.title).description(report.question);
  for (const parameter of report.parameters) {
    if (parameter !== "tz") command.addOption(optionFor(report, parameter));
  }
  const takesSession = report.required?.includes("session") === true;
  if (takesSession) command.argument("[session]", "the session; short for --session");
  withCommon(withDatabase(withRows(command))).addHelpText("after", examplesOf(report));
  command.action(async (...args: readonly unknown[]) => {
    const options = command.optsWithGlobals<ReportOptions>();
    const named = takesSession && typeof args[0] === "string" ? { session: args[0] } : {};
    await printReport(report, { ...options, ...named }, context);
  });
}

function unknownReport(name: string): KnownError {
  const names = Object.keys(reports);
  const meant = reportMeant(name, names);
  const hint = `There are ${names.join(", ")}.`;
  return new KnownError("bad-argument", `There is no report called ${name}.`, {
    hint: meant === undefined ? hint : `Did you mean cctelemetry report ${meant}? ${hint}`,
  });
}

function optionFor(report: Report, parameter: ReportParameter): Option {
  const { argument, text } = reportParameters[parameter];
  const choices = parameter === "by" ? `: ${report.splits?.join(", ")}` : "";
  const limit =
    parameter === "limit" && report.limit !== undefined
      ? ` (default: ${report.limit} in tables, all in other formats)`
      : "";
  return new Option(`--${parameter} <${argument}>`, text + choices + limit);
}

function examplesOf(report: Report): string {
  const needed = (report.required ?? []).map((name) => ` ${reportParameters[name].examples[0]}`);
  const base = `  cctelemetry report ${report.name}${needed.join("")}`;
  const more = report.parameters.includes("last") ? ["--last 7d", "--since today --json"] : [];
  return `\nExamples:\n${[base, ...more.map((each) => `${base} ${each}`)].join("\n")}\n`;
}

async function printReport(
  report: Report,
  options: ReportOptions,
  context: RowsContext & DefaultPlaces,
): Promise<void> {
  const isForPeople = ["table", "markdown"].includes(formatOf(options));
  const given = {
    ...Object.fromEntries(report.parameters.map((name) => [name, options[name]])),
    ...(isForPeople || !report.parameters.includes("limit") || options.limit !== undefined
      ? {}
      : { limit: "all" }),
  };
  const output = await openOutput(
    { ...options, heading: report.question, daysAreShown: true },
    context,
  );
  try {
    const result = await askStore(report, given, options, context);
    output.begin(result.columns);
    await output.rows(result.rows);
    await output.end([footerText(result.footer), ...tagsText(result.footer)]);
    if (!isForPeople) await context.stderr.write(priceNote(result.footer));
  } finally {
    output.abandon();
  }
}

async function askStore(
  report: Report,
  given: GivenParameters,
  options: DatabaseOptions,
  context: Outputs & DefaultPlaces,
): Promise<ReportResult> {
  const store = await openStore(databasePath(options, context), await storeOptions(context));
  try {
    return await store.reading((session) => runReport(session, report, given));
  } finally {
    await store.close();
  }
}

async function listReports(options: ListOptions, context: RowsContext): Promise<void> {
  const output = await openOutput(options, context);
  try {
    output.begin([
      { name: "report", type: "VARCHAR" },
      { name: "title", label: "what it is", type: "VARCHAR" },
      { name: "question", label: "what it answers", type: "VARCHAR", overflow: "wrap" },
    ]);
    await output.rows(
      Object.values(reports).map(({ name, title, question }) => [name, title, question]),
    );
    await output.end(["cctelemetry report <name> --help lists its options"]);
  } finally {
    output.abandon();
  }
}
