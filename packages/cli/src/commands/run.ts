import { randomUUID } from "node:crypto";
import { escapeUnsafe, KnownError } from "@cctelemetry/core/light";
import { type Command, Option } from "commander";
import type { CommonOptions } from "../options.ts";
import type { Clock, DefaultPlaces, Home, Outputs, Processes } from "../process/context.ts";
import { ProgramEnded } from "../process/failure.ts";
import { type ComposedRun, composeRun } from "../run/compose.ts";
import { type TagOptions, tagsOf, withTagOptions } from "../run/options.ts";
import { appendMarks } from "../stage/mark-file.ts";

const EXAMPLES = `
Starts Claude Code with tags that its telemetry carries from then on. They
override tags from settings.json or the shell; other settings stay, and so does
a --settings of your own. Tags of an outer run hold for the runs in it. Exit code
and signals are those of the command.

Examples:
  cctelemetry run --workflow w-17 --stage plan -- claude -p "Plan the change"
  cctelemetry run --stage review --task w-17.3 --agent reviewer -- claude
  cctelemetry run --workflow w-17 -- ./all-stages.sh       each stage a run in it
  cctelemetry run --tag team=core --tag cost.centre=4711 -- npx @anthropic-ai/claude-code
  claude --bg --settings "$(cctelemetry run --stage plan --print-settings)" "Plan"
`;

interface RunCommandOptions extends CommonOptions, TagOptions {
  readonly printSettings?: boolean;
  /** False if the user wants no id chosen. */
  readonly sessionId: boolean;
}

/** What a run works with. */
type RunContext = Outputs & Home & DefaultPlaces & Clock & Processes;

/** Arguments, options and action of `cctelemetry run`. */
export function define(command: Command, context: RunContext): void {
  command.parent?.enablePositionalOptions();
  command.passThroughOptions().argument("[command...]", "the program and its arguments, after --");
  withTagOptions(command)
    .addOption(
      new Option("--no-session-id", "do not choose the session's id, by which it is known again"),
    )
    .addOption(
      new Option("--print-settings", "print the settings for claude --settings, start nothing"),
    )
    .addHelpText("after", EXAMPLES);
  command.action(async (words: readonly string[], options: RunCommandOptions) => {
    if (options.printSettings === true) return printSettings(words, options, context);
    if (words.length === 0) {
      throw new KnownError("bad-argument", "There is no command to run.", {
        hint: "Put it after --: cctelemetry run --stage plan -- claude",
      });
    }
    const composed = await composeRun(words, tagsOf(options), {
      env: context.inherited.env,
      home: context.home,
      newSession: options.sessionId ? randomUUID() : undefined,
    });
    await mapSession(composed, context);
    throw new ProgramEnded(await context.runProgram(composed.command, composed.env));
  });
}

/** Says what the session is for a second time, by its id: should the tags not come through. */
async function mapSession(
  { session, tags }: ComposedRun,
  context: DefaultPlaces & Clock & Outputs,
): Promise<void> {
  if (session === undefined || !tags.has("stage")) return;
  try {
    await appendMarks(context.places, [{ action: "session", session, tags }], context.now());
  } catch (error) {
    if (!(error instanceof KnownError)) throw error;
    await context.stderr.write(`note: ${escapeUnsafe(error.message)}\n`);
  }
}

async function printSettings(
  words: readonly string[],
  options: RunCommandOptions,
  context: Outputs & Home & Processes,
): Promise<void> {
  if (words.length > 0) {
    throw new KnownError(
      "bad-argument",
      `--print-settings starts nothing, so ${escapeUnsafe(words[0] ?? "")} has no place there.`,
      { hint: "Leave out the command, or --print-settings." },
    );
  }
  const { settings } = await composeRun(["claude"], tagsOf(options), {
    env: context.inherited.env,
    home: context.home,
    newSession: undefined,
  });
  await context.stdout.write(`${JSON.stringify(settings)}\n`);
}
