import { escapeUnsafe, expandHome, KnownError, namesOthersHome } from "@cctelemetry/core/light";
import type { Command } from "commander";

/** How the help names the value of an option that is a path. */
const PATH_VALUE = /[<[](?:file|folder)[>\]]/;

/**
 * Expands `~` and `$HOME` in every path of a command line: the values of options that take a file
 * or folder, and arguments called `path`. Runs before the command's action, so that no command has
 * to think of it.
 */
export function expandPaths(command: Command, home: string): void {
  for (let each: Command | null = command; each !== null; each = each.parent) {
    for (const option of each.options) {
      const value: unknown = each.getOptionValue(option.attributeName());
      if (!PATH_VALUE.test(option.flags) || typeof value !== "string") continue;
      const source = each.getOptionValueSource(option.attributeName());
      each.setOptionValueWithSource(option.attributeName(), expanded(value, home), source);
    }
  }
  command.registeredArguments.forEach((argument, index) => {
    if (argument.name() !== "path") return;
    const value: unknown = command.processedArgs[index];
    if (Array.isArray(value)) {
      command.processedArgs[index] = value.map((path) => expanded(String(path), home));
    }
  });
}

/** Throws for the places of an environment that depend on a home directory which is not known. */
export function refuseHomeless(env: Readonly<Record<string, string | undefined>>): never {
  for (const name of ["CCTELEMETRY_DB", "CCTELEMETRY_HOME"]) {
    refuseOthersHome(env[name] ?? "", ` in ${name}`);
  }
  const { HOME: home = "" } = env;
  const fault = home.trim() === "" ? "HOME is not set" : `HOME is "${home}", which is not absolute`;
  throw new KnownError("path-missing", `There is no home directory: ${escapeUnsafe(fault)}.`, {
    hint: "Set HOME, or CCTELEMETRY_HOME to a folder for the database and all else.",
  });
}

function expanded(written: string, home: string): string {
  refuseOthersHome(written, "");
  return expandHome(written, { platform: process.platform, home }) ?? refuseHomeless(process.env);
}

function refuseOthersHome(written: string, where: string): void {
  if (!namesOthersHome(written, process.platform)) return;
  const shown = escapeUnsafe(written);
  const what = `${shown}${where} begins with another user's home directory, which is not known here.`;
  throw new KnownError("path-missing", what, {
    hint: `Write the path in full, or ./${shown} for a folder of that name.`,
  });
}
