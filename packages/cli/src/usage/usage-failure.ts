import { escapeUnsafeLines } from "@cctelemetry/core/light";
import type { Command, CommanderError } from "commander";
import { type KnownOptions, optionMeant } from "./other-options.ts";
import { commandMeant } from "./suggestion.ts";

const HELP = "See --help.";

/** What is said of a command line that is not understood: what is wrong, and what may have been meant. */
export async function usageText(
  error: CommanderError,
  program: Command,
  args: readonly string[],
): Promise<string> {
  const meant = await meantBy(error, program, args);
  // The parser's own suggestion, by likeness of letters, stands where there is none by meaning.
  const said = meant === undefined ? error.message : error.message.replace(/\n\(Did you .*$/s, "");
  const message = escapeUnsafeLines(said.replace(/^error: /, ""));
  const hint = meant === undefined ? HELP : `Did you mean ${escapeUnsafeLines(meant)}?`;
  return `cctelemetry: ${message}\nhint: ${hint}\n`;
}

async function meantBy(
  { code, message }: CommanderError,
  program: Command,
  args: readonly string[],
): Promise<string | undefined> {
  const word = /'(.*?)'/s.exec(message)?.[1] ?? "";
  switch (code) {
    case "commander.unknownCommand": {
      const { reports } = await import("@cctelemetry/core");
      const names = program.commands.map((each) => each.name());
      return commandMeant(word, names, Object.keys(reports));
    }
    case "commander.unknownOption":
      return optionMeant(word, described(commandOf(program, args), "cctelemetry"));
    case "commander.excessArguments":
      return word === "query" ? 'cctelemetry query "SELECT …", as one word' : undefined;
    default:
      return undefined;
  }
}

/** The command that the words of the arguments name, the deepest one. */
function commandOf(program: Command, args: readonly string[]): Command {
  let command = program;
  for (const word of args) {
    command = command.commands.find((each) => each.name() === word) ?? command;
  }
  return command;
}

function described(command: Command, root: string): KnownOptions {
  const names: string[] = [];
  for (let each: Command | null = command; each?.parent; each = each.parent) {
    names.unshift(each.name());
  }
  return {
    path: [root, ...names].join(" "),
    options: command.options.flatMap(({ short, long }) => [short ?? "", long ?? ""]),
    below: command.commands.map((each) => described(each, root)),
  };
}
