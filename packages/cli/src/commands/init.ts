import { existsSync } from "node:fs";
import { telemetryVariables, type Variable } from "@cctelemetry/core/light";
import type { Command } from "commander";
import { openOutput, type RowsContext } from "../output/open.ts";
import { paintFor, style, usesColour } from "../output/paint.ts";
import type {
  Clock,
  DefaultPlaces,
  Environment,
  Home,
  Input,
  Outputs,
} from "../process/context.ts";
import { changeFile, makeFolder } from "../setup/change-file.ts";
import type { DifferencePaint } from "../setup/difference.ts";
import { choicesOf, type InitOptions, targetsOf, withInitOptions } from "../setup/init-options.ts";
import { makePlan, type Plan, type SetupContext, type Targets } from "../setup/plan.ts";
import { printed } from "../setup/printed.ts";
import { questions } from "../setup/questions.ts";
import {
  changesOf,
  conflictError,
  conflictText,
  doneText,
  planColumns,
  planRows,
  planText,
} from "../setup/show-plan.ts";

const EXAMPLES = `
Makes Claude Code send its telemetry to this machine. The difference is shown
before anything is written, a file that is changed is kept beside itself as
.bak, and what others set there stays unless --replace is given. Texts of
prompts, answers and tools are not sent unless asked for.

Examples:
  cctelemetry init                            ask, show, write
  cctelemetry init --yes                      the user's settings.json, no questions
  cctelemetry init --shell fish --dry-run
  eval "$(cctelemetry init --shell bash --print)"
  claude --settings "$(cctelemetry init --settings --print)"
  cctelemetry init --collector ./otel --rotate-mb 50
`;

/** What a set-up works with. */
type InitContext = RowsContext & Input & Home & DefaultPlaces & Clock;

/** Options and action of `cctelemetry init`. */
export function define(command: Command, context: InitContext): void {
  withInitOptions(command).addHelpText("after", EXAMPLES);
  command.action((options: InitOptions) => init(options, context));
}

async function init(options: InitOptions, context: InitContext): Promise<void> {
  const setup = setupContextOf(context);
  const asks = context.inputIsTerminal && context.stderr.isTTY && options.yes !== true;
  const { places, content } = await questions(options, asks, setup);
  const token = await tokenOf(options, context);
  const variables = telemetryVariables(choicesOf(options, content, token));
  if (options.print === true) {
    await context.stdout.write(printed(options, variables, setup, context));
    return;
  }
  const targets = targetsOf(options, places, setup, context);
  const plan = await agreedPlan({ targets, variables, setup }, options, asks, context);
  if (plan === undefined) return nothingWritten(context);
  const quiet = options.json === true;
  if (!quiet) await showPlan(plan, options, context);
  if (options.dryRun === true) {
    if (quiet) await writeRows(plan, new Map(), options, context);
    await context.stderr.write("a dry run: nothing was written\n");
    return;
  }
  if (asks && changesOf(plan).length > 0 && !(await yes("Write this?"))) {
    return nothingWritten(context);
  }
  const backups = await carryOut(plan, context);
  if (quiet) await writeRows(plan, backups, options, context);
  else await context.stdout.write(doneText(plan, backups));
}

async function tokenOf(
  { tokenFile }: InitOptions,
  context: Environment,
): Promise<string | undefined> {
  if (tokenFile === undefined) return undefined;
  const { readToken } = await import("../collect/private-file.ts");
  return readToken(tokenFile, context.env);
}

/** A plan nothing stands in the way of; undefined if the user will not have it so. */
async function agreedPlan(
  wanted: { targets: Targets; variables: readonly Variable[]; setup: SetupContext },
  { replace }: InitOptions,
  asks: boolean,
  context: Outputs,
): Promise<Plan | undefined> {
  const { targets, variables, setup } = wanted;
  const plan = await makePlan(targets, variables, replace === true, setup);
  if (plan.conflicts.length === 0 || replace === true) return plan;
  if (!asks) throw conflictError(plan);
  await context.stderr.write(conflictText(plan));
  if (!(await yes("Overwrite it? A backup is kept.", false))) return undefined;
  return makePlan(targets, variables, true, setup);
}

async function yes(question: string, byDefault = true): Promise<boolean> {
  const { askYesNo } = await import("../setup/ask.ts");
  return askYesNo(question, byDefault);
}

async function nothingWritten(context: Outputs): Promise<void> {
  await context.stderr.write("Nothing was written.\n");
}

/** Writes the files; gives the backups by file. What fails leaves the files after it alone. */
async function carryOut(plan: Plan, context: Clock): Promise<ReadonlyMap<string, string>> {
  const backups = new Map<string, string>();
  for (const folder of plan.folders) await makeFolder(folder);
  for (const change of changesOf(plan)) {
    const backup = await changeFile(change, context.now());
    if (backup !== undefined) backups.set(change.path, backup);
  }
  return backups;
}

async function showPlan(
  plan: Plan,
  options: InitOptions,
  context: Outputs & Environment,
): Promise<void> {
  const colours = usesColour(context.stdout, options, context.env);
  const plain = (text: string): string => text;
  const paint: DifferencePaint = {
    ...paintFor(context.stdout, options, context.env),
    added: colours ? style("green") : plain,
    removed: colours ? style("red") : plain,
  };
  await context.stdout.write(`${planText(plan, paint)}\n`);
  await context.stderr.write(plan.notes.map((note) => `note: ${note}\n`).join(""));
}

async function writeRows(
  plan: Plan,
  backups: ReadonlyMap<string, string>,
  options: InitOptions,
  context: RowsContext,
): Promise<void> {
  const output = await openOutput(options, context);
  output.begin(planColumns);
  await output.rows(planRows(plan, backups, options.dryRun !== true));
  await output.end([]);
}

function setupContextOf(context: Environment & Home & DefaultPlaces): SetupContext {
  return {
    env: context.env,
    platform: process.platform,
    home: existsSync(context.home) ? context.home : undefined,
    // Asked for by one shell only, and not there without a home directory.
    get configFolder() {
      return context.places.configFolder;
    },
  };
}
