import { join, resolve } from "node:path";
import {
  defaultEndpoint,
  KnownError,
  type Places,
  type Protocol,
  protocols,
  type TelemetryChoices,
} from "@cctelemetry/core/light";
import { type Command, InvalidArgumentError, Option } from "commander";
import { type CommonOptions, wholeNumber } from "../options.ts";
import type { DefaultPlaces } from "../process/context.ts";
import type { Content, Place } from "./ask.ts";
import { userSettingsPath } from "./claude-places.ts";
import type { SetupContext, Targets } from "./plan.ts";
import { type ShellName, shellNamed, shellNames, shellOf } from "./shells.ts";

/** What `cctelemetry init` is asked for. */
export interface InitOptions extends CommonOptions {
  /** A file, or true for the user's own. */
  readonly settings?: string | true;
  /** A shell's name, or true for the one the user works in. */
  readonly shell?: string | true;
  /** A folder, or true for the one in the program's own settings. */
  readonly collector?: string | true;
  readonly protocol: Protocol;
  readonly endpoint?: string;
  readonly logPrompts?: boolean;
  readonly logResponses?: boolean;
  readonly logToolDetails?: boolean;
  readonly traces?: boolean;
  readonly tokenFile?: string;
  readonly rotateMb: number;
  readonly replace?: boolean;
  readonly print?: boolean;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** Adds the options of `cctelemetry init`. */
export function withInitOptions(command: Command): Command {
  return command
    .option("--settings [file]", "write to Claude Code's settings.json (default: the user's own)")
    .option("--shell [name]", `write to the profile of ${shellNames.join(", ")}`)
    .option("--collector [folder]", "write a Collector's configuration and a compose file")
    .addOption(
      new Option("--protocol <protocol>", "how telemetry is sent")
        .choices(protocols)
        .default("http/protobuf" satisfies Protocol),
    )
    .addOption(
      new Option("--endpoint <url>", "where it is sent (default: this machine)").argParser(
        endpoint,
      ),
    )
    .option("--log-prompts", "send the text of prompts, too")
    .option("--log-responses", "send the text of answers, too")
    .option("--log-tool-details", "send names and arguments of tools, too, with full commands")
    .option("--traces", "send spans, too (a beta of Claude Code)")
    .option("--token-file <file>", "send the token in a file, as collect --token-file wants it")
    .addOption(
      new Option("--rotate-mb <n>", "size of a Collector's file, in MiB; 0: it grows for ever")
        .argParser(wholeNumber)
        .default(100),
    )
    .option("--replace", "overwrite variables that say something else")
    .option("--print", "print the text for each file, write nothing")
    .option("--dry-run", "show the difference, write nothing")
    .option("-y, --yes", "do not ask; settings.json if nothing else is named")
    .option("--json", "rows as JSON, one for each file: what was done, where the backup is");
}

function endpoint(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain = /^https?:\/\/[\w.[\]:/~%-]+$/.test(text);
  if (url === undefined || !isPlain || url.username !== "") {
    throw new InvalidArgumentError("It is not a URL such as http://127.0.0.1:4318.");
  }
  return text.replace(/\/+$/, "");
}

/** What is sent, with the token read and the questions answered. */
export function choicesOf(
  options: InitOptions,
  content: readonly Content[],
  token: string | undefined,
): TelemetryChoices {
  return {
    protocol: options.protocol,
    endpoint: options.endpoint ?? defaultEndpoint(options.protocol),
    prompts: options.logPrompts === true || content.includes("prompts"),
    responses: options.logResponses === true || content.includes("responses"),
    toolDetails: options.logToolDetails === true || content.includes("toolDetails"),
    traces: options.traces === true,
    token,
  };
}

/** Whether the command line says what is to be set up. */
export function namesTargets({ settings, shell, collector }: InitOptions): boolean {
  return settings !== undefined || shell !== undefined || collector !== undefined;
}

/** What is to be set up: by the command line, and by places chosen. KnownError if one is not known. */
export function targetsOf(
  options: InitOptions,
  chosen: readonly Place[],
  setup: SetupContext,
  context: DefaultPlaces,
): Targets {
  const asked = (place: Place): string | true | undefined =>
    options[place] ?? (chosen.includes(place) ? true : undefined);
  const settings = asked("settings");
  const shell = asked("shell");
  const folder = asked("collector");
  return {
    settings: settings === true ? userSettingsPath(setup) : settings && resolve(settings),
    shell: shell === undefined ? undefined : shellFor(shell, setup),
    collector: folder === undefined ? undefined : collectorFor(folder, options, context.places),
  };
}

/** A shell by its name, or the one the user works in. KnownError if its words are not known. */
export function shellFor(name: string | true, { env, platform }: SetupContext): ShellName {
  if (name === true) return shellOf(env, platform);
  const shell = shellNamed(name);
  if (shell !== undefined) return shell;
  throw new KnownError("bad-argument", `The shell ${name} is not one that init knows.`, {
    hint: `Name one of ${shellNames.join(", ")}, or use --settings, which works with any.`,
  });
}

/** A Collector's files in a folder, or in the program's own. */
export function collectorFor(
  folder: string | true,
  { rotateMb }: InitOptions,
  places: Places,
): NonNullable<Targets["collector"]> {
  return {
    folder: folder === true ? join(places.configFolder, "collector") : resolve(folder),
    telemetryFolder: places.telemetryFolder,
    rotateMegabytes: rotateMb,
    owner: ownerOfFiles(),
  };
}

function ownerOfFiles(): { user: number; group: number } | undefined {
  const user = process.getuid?.();
  const group = process.getgid?.();
  return user === undefined || group === undefined ? undefined : { user, group };
}
