import { resolve } from "node:path";
import { escapeUnsafe, KnownError } from "@cctelemetry/core/light";
import { type Command, InvalidArgumentError, Option } from "commander";
import { type CommonOptions, type DatabaseOptions, withDatabase } from "../options.ts";
import type {
  Clock,
  DefaultPlaces,
  Environment,
  Home,
  Input,
  Outputs,
} from "../process/context.ts";
import { ownCommand, quoted } from "../process/own-command.ts";
import { drawStatusLine } from "../statusline/draw.ts";
import { ownContext } from "../statusline/hot.ts";
import { type Installed, installStatusLine, uninstallStatusLine } from "../statusline/install.ts";
import { checkTemplate, DEFAULT_TEMPLATE } from "../statusline/line.ts";
import { valueNames } from "../statusline/values.ts";

const EXAMPLES = `
Claude Code runs it and shows what it prints below the prompt: tokens and cost
of the session by telemetry, its stage, how fast it spends, and from Claude Code
itself how full the context and the limits are. Before the first telemetry
arrives, the cost is Claude Code's own, with ~ in front.

A template is a text with {names} of values; a part between two " · " is
left out if its values are missing or the line is too long. The default is
  ${DEFAULT_TEMPLATE.replace("} · {context", "}\n    · {context")}
and there are
  ${wrapped([...valueNames].sort(), 76)}

Examples:
  cctelemetry statusline --install
  cctelemetry statusline --install --template "{cost} · {stage} · {context}"
  echo '{"session_id":"…"}' | cctelemetry statusline --fresh --json
`;

interface StatuslineCommandOptions extends CommonOptions, DatabaseOptions {
  readonly template?: string;
  readonly width?: number;
  readonly json?: boolean;
  readonly fresh?: boolean;
  readonly install?: boolean;
  readonly uninstall?: boolean;
  readonly replace?: boolean;
}

/** Arguments, options and action of `cctelemetry statusline`. */
export function define(
  command: Command,
  context: Outputs & Input & Environment & Home & DefaultPlaces & Clock,
): void {
  command
    .argument("[path...]", "files, folders or globs (default: as `watch` follows them)")
    .addOption(new Option("--template <text>", "what to show, with {names} of values"))
    .addOption(
      new Option(
        "--width <columns>",
        "the longest line (default: COLUMNS, which Claude Code sets, less 4)",
      ).argParser(columns),
    )
    .addOption(new Option("--json", "the numbers as one line of JSON"))
    .addOption(new Option("--fresh", "read everything first, however long it takes"))
    .addOption(new Option("--install", "make it the status line in your settings.json"))
    .addOption(new Option("--uninstall", "remove it from your settings.json"))
    .addOption(new Option("--replace", "with --install: also in place of another one"));
  withDatabase(command).addHelpText("after", EXAMPLES);
  command.action(async (paths: readonly string[], options: StatuslineCommandOptions) => {
    if (options.template !== undefined) checkTemplate(options.template);
    if (options.install === true || options.uninstall === true) {
      await context.stdout.write(await setUp(paths, options, context));
      return;
    }
    if (context.inputIsTerminal) {
      throw new KnownError("bad-argument", "Claude Code's status line JSON is expected on stdin.", {
        hint: "Claude Code runs this command; --install sets it up.",
      });
    }
    const drawing = {
      paths,
      db: options.db,
      template: options.template,
      width: options.width,
      json: options.json ?? false,
      fresh: options.fresh ?? false,
      color: options.color,
    };
    const { places, readInput, now } = context;
    const { startRefresh } = ownContext(places);
    const write = (text: string): Promise<void> => context.stdout.write(text);
    await drawStatusLine(drawing, {
      env: context.env,
      places,
      readInput,
      now,
      write,
      startRefresh,
    });
  });
}

async function setUp(
  paths: readonly string[],
  options: StatuslineCommandOptions,
  context: Environment & Home & Clock,
): Promise<string> {
  if (options.install === true && options.uninstall === true) {
    throw new KnownError("bad-argument", "--install cannot be used with --uninstall.", {
      hint: "Leave out one of them.",
    });
  }
  if (options.uninstall === true)
    return installedText(await uninstallStatusLine(context), "without it");
  const command = lineOf(paths, options, context);
  const replace = options.replace ?? false;
  return installedText(await installStatusLine(command, replace, context), `with it: ${command}`);
}

/** The command as Claude Code is to run it: with what is not usual. */
function lineOf(
  paths: readonly string[],
  options: StatuslineCommandOptions,
  context: Environment,
): string {
  const { platform, execPath, argv } = process;
  const own = ownCommand({
    env: context.env,
    platform,
    program: execPath,
    script: argv[1] ?? "",
  });
  const { template, width, db } = options;
  const words = [
    ...(template === undefined ? [] : ["--template", template]),
    ...(width === undefined ? [] : ["--width", String(width)]),
    ...(db === undefined ? [] : ["--db", resolve(db)]),
    ...paths.map((path) => resolve(path)),
  ];
  return [`${own} statusline`, ...words.map((word) => quoted(word, platform))].join(" ");
}

function installedText({ path, backup, changed }: Installed, state: string): string {
  const name = escapeUnsafe(path);
  if (!changed) return `${name} is as it should be.\n`;
  const kept = backup === undefined ? "" : `What was there is in ${escapeUnsafe(backup)}.\n`;
  return `${name} is written, ${escapeUnsafe(state)}\n${kept}Claude Code shows it from its next start on.\n`;
}

function columns(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError("It is no number of columns.");
  return Number(text);
}

function wrapped(names: readonly string[], width: number): string {
  const lines = [""];
  for (const name of names) {
    const line = lines.at(-1) ?? "";
    const longer = line === "" ? name : `${line}, ${name}`;
    if (longer.length <= width) lines[lines.length - 1] = longer;
    else {
      lines[lines.length - 1] = `${line},`;
      lines.push(name);
    }
  }
  return lines.join("\n  ");
}
