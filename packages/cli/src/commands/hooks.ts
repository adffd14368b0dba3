import { resolve } from "node:path";
import { escapeUnsafe } from "@cctelemetry/core/light";
import { type Command, Option } from "commander";
import { markOfHook } from "../hooks/from-hook.ts";
import { hookSettings, withHooks, withoutHooks } from "../hooks/settings.ts";
import { type CommonOptions, withCommon } from "../options.ts";
import type {
  Clock,
  DefaultPlaces,
  Environment,
  Home,
  Input,
  Outputs,
} from "../process/context.ts";
import { ownCommand } from "../process/own-command.ts";
import { changeFile, type FileChange, readForChange } from "../setup/change-file.ts";
import { userSettingsPath } from "../setup/claude-places.ts";
import { differenceText } from "../setup/difference.ts";
import { appendMarks } from "../stage/mark-file.ts";

const EXAMPLES = `
Claude Code calls the hooks by itself, at each prompt and subagent, and each call
writes a mark: a slash command such as /plan is the stage of its prompt, and the
type of a subagent, which telemetry masks for your own, the stage of its run.
Nothing else of the prompt is kept. Tags and marks of your own go before them.

Examples:
  cctelemetry hooks print                 what belongs in settings.json
  cctelemetry hooks install --dry-run     shows the difference
  cctelemetry hooks install               in your settings.json; a backup stays
  cctelemetry hooks install --settings .claude/settings.local.json
  cctelemetry hooks uninstall
`;

interface HooksOptions extends CommonOptions {
  readonly settings?: string;
  readonly dryRun?: boolean;
}

/** What the settings are changed with. */
type ChangeContext = Outputs & Environment & Home & Clock;

/** What the commands work with. */
type HooksContext = ChangeContext & Input & DefaultPlaces;

/** The commands of `cctelemetry hooks`. */
export function define(command: Command, context: HooksContext): void {
  command.addHelpText("after", EXAMPLES);
  withCommon(command.command("print"))
    .description("print what belongs in settings.json")
    .action(() =>
      context.stdout.write(`${JSON.stringify(hookSettings(markCommand(context)), null, 2)}\n`),
    );
  withTarget(command.command("install"))
    .description("put the hooks into settings.json")
    .action((options: HooksOptions) =>
      change(options, context, (text, path) => withHooks(text, markCommand(context), path)),
    );
  withTarget(command.command("uninstall"))
    .description("remove them again")
    .action((options: HooksOptions) =>
      change(options, context, (text, path) => withoutHooks(text, path)),
    );
  withCommon(command.command("mark"))
    .description("what Claude Code calls: reads a hook's JSON from standard input")
    .action(() => mark(context));
}

function withTarget(command: Command): Command {
  return withCommon(command)
    .addOption(new Option("--settings <file>", "the settings (default: your settings.json)"))
    .addOption(new Option("--dry-run", "show the difference, change nothing"));
}

function markCommand({ env }: Environment): string {
  const { platform, execPath, argv } = process;
  return `${ownCommand({ env, platform, program: execPath, script: argv[1] ?? "" })} hooks mark`;
}

async function change(
  { settings, dryRun }: HooksOptions,
  context: ChangeContext,
  edit: (text: string, path: string) => string,
): Promise<void> {
  const { env, home } = context;
  const path =
    settings === undefined
      ? userSettingsPath({ env, platform: process.platform, home })
      : resolve(settings);
  const before = await readForChange(path);
  const wanted: FileChange = { path, before, after: edit(before ?? "", path) };
  const name = escapeUnsafe(path);
  if (wanted.after === (before ?? "")) {
    await context.stdout.write(`${name} is as it should be.\n`);
    return;
  }
  if (dryRun === true) {
    await context.stdout.write(differenceText(wanted, plain));
    return;
  }
  const backup = await changeFile(wanted, context.now());
  const kept = backup === undefined ? "" : `What was there is in ${escapeUnsafe(backup)}.\n`;
  await context.stdout.write(`${name} is written.\n${kept}New sessions use it.\n`);
}

const same = (text: string): string => text;
const plain = { head: same, quiet: same, added: same, removed: same };

/** A hook must not get into the way of a session: what it cannot take it leaves. */
async function mark(context: Input & DefaultPlaces & Clock): Promise<void> {
  const found = markOfHook(await context.readInput());
  if (found === undefined) return;
  await appendMarks(context.places, [found], context.now()).catch(() => undefined);
}
