import { Command, CommanderError } from "commander";
import { version } from "../package.json";
import { commands } from "./commands/index.ts";
import { withCommon } from "./options.ts";
import type { CommandContext, Outputs } from "./process/context.ts";
import { type ExitCode, exitCodeOf, exitCodes, failureText } from "./process/failure.ts";
import { expandPaths } from "./process/home-paths.ts";
import { usageText } from "./usage/usage-failure.ts";

const EXAMPLES = `
Examples:
  cctelemetry init                                make Claude Code send telemetry
  cctelemetry collect --background                receive it
  cctelemetry watch                               see it live
  cctelemetry import ~/otel/claude-code.jsonl     read what a Collector wrote
  cctelemetry report stages --last 7d             what each stage cost
  cctelemetry query "FROM api_requests LIMIT 5"   ask in SQL
`;

/** The whole program: parse, run, say what went wrong, give the exit code. */
export async function runProgram(
  args: readonly string[],
  context: CommandContext,
): Promise<ExitCode> {
  const wantsDebug = args.includes("--debug");
  let program: Command | undefined;
  try {
    program = await buildProgram(args, context);
    await program.parseAsync(args, { from: "user" });
    return exitCodes.done;
  } catch (error) {
    const isUsage = error instanceof CommanderError && error.exitCode !== 0;
    const text =
      isUsage && program !== undefined
        ? await usageText(error, program, args)
        : failureText(error, wantsDebug);
    await context.stderr.write(text);
    return exitCodeOf(error);
  } finally {
    context.endQueryChild();
  }
}

/**
 * The commands by name and summary; only those that the command line mentions
 * are loaded, for loading is most of what a short call costs.
 */
async function buildProgram(args: readonly string[], context: CommandContext): Promise<Command> {
  const program = prepared(new Command("cctelemetry"), context)
    .description("Claude Code's telemetry on your own machine: files in, DuckDB inside, SQL out.")
    .version(version, "-V, --version", "print the version")
    .helpCommand("help [command]", "show the help of a command")
    .addHelpText("after", EXAMPLES)
    .hook("preAction", (_, command) => expandPaths(command, context.home));
  for (const { name, summary, load } of commands) {
    const command = program.command(name).description(summary);
    if (args.includes(name)) (await load()).define(command, context);
    withCommon(command);
  }
  return program;
}

/** Commander's words in our voice, on our streams, and never an exit. */
function prepared(command: Command, { stdout, stderr }: Outputs): Command {
  return command
    .exitOverride()
    .showSuggestionAfterError()
    .configureHelp({ helpWidth: Math.min(stdout.columns ?? 80, 100) })
    .configureOutput({
      writeOut: (text) => void stdout.write(text),
      writeErr: (text) => void stderr.write(text),
      // Said when it is caught, with what may have been meant.
      outputError: () => undefined,
    });
}
