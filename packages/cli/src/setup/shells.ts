import { posix, win32 } from "node:path";
import type { Variable } from "@cctelemetry/core/light";
import { KnownError } from "@cctelemetry/core/light";

/** The shells whose words `init` knows. */
export const shellNames = ["bash", "zsh", "fish", "powershell", "cmd"] as const;

export type ShellName = (typeof shellNames)[number];

/** Lines that set the variables in a shell, each with its line feed. */
export function shellLines(shell: ShellName, variables: readonly Variable[]): string {
  return variables.map(({ name, value }) => `${assignments[shell](name, value)}\n`).join("");
}

const exported = (name: string, value: string): string =>
  `export ${name}='${value.replaceAll("'", `'\\''`)}'`;

const assignments: Readonly<Record<ShellName, (name: string, value: string) => string>> = {
  bash: exported,
  zsh: exported,
  fish: (name, value) => `set -gx ${name} '${value.replace(/['\\]/g, "\\$&")}'`,
  // PowerShell takes typographic quotes for quotes.
  powershell: (name, value) => `$env:${name} = '${value.replace(/['‘’‚‛]/g, "$&$&")}'`,
  cmd: (name, value) => `@set "${name}=${value.replaceAll("%", "%%")}"`,
};

/**
 * The shell a user works in, by the environment. KnownError if that is a shell whose syntax is not
 * known.
 */
export function shellOf(
  env: Readonly<Record<string, string | undefined>>,
  platform: string,
): ShellName {
  const shellPath = env["SHELL"];
  if (shellPath === undefined || shellPath === "") {
    if (platform === "win32") return "powershell";
    throw unknownShell("The shell is not known: SHELL is not set.");
  }
  const name = win32.basename(shellPath).replace(/\.exe$/i, "");
  const known = aliases[name] ?? name;
  if (isShell(known)) return known;
  throw unknownShell(`The shell ${name} is not one that init knows.`);
}

/** A shell by the name a user gives; undefined if it is not known. */
export function shellNamed(name: string): ShellName | undefined {
  const known = aliases[name.toLowerCase()] ?? name.toLowerCase();
  return isShell(known) ? known : undefined;
}

const aliases: Readonly<Record<string, ShellName>> = { pwsh: "powershell", sh: "bash" };

function isShell(name: string): name is ShellName {
  return shellNames.some((each) => each === name);
}

function unknownShell(sentence: string): KnownError {
  return new KnownError("bad-argument", sentence, {
    hint: `Name one of ${shellNames.join(", ")} after --shell; init --settings works with any.`,
  });
}

/** What the place of a shell's file depends on. */
export interface ShellPlaceInput {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: string;
  /** The user's home directory; undefined if there is none. */
  readonly home: string | undefined;
  /** Where the program keeps its own settings. */
  readonly configFolder: string;
}

/** The file of a shell that sets variables, and whose it is. */
export interface ShellPlace {
  readonly path: string;
  /** `profile`: the user's, we keep a block in it. `own`: ours alone. */
  readonly kind: "profile" | "own";
  /** How it comes to count. */
  readonly next: string;
}

/** Where a shell's variables go. KnownError if that needs a home directory, and there is none. */
export function shellPlace(shell: ShellName, input: ShellPlaceInput): ShellPlace {
  const { env, platform } = input;
  const path = platform === "win32" ? win32 : posix;
  const named = (variable: string): string | undefined => env[variable] || undefined;
  const next = "Open a new shell; Claude Code reads its environment when it starts.";
  if (shell === "cmd") {
    const file = path.join(input.configFolder, "environment.cmd");
    return { path: file, kind: "own", next: `Run it before claude: call "${file}"` };
  }
  if (shell === "zsh" && named("ZDOTDIR") !== undefined) {
    return { path: path.join(named("ZDOTDIR") ?? "", ".zshrc"), kind: "profile", next };
  }
  const home = input.home;
  if (home === undefined) {
    throw new KnownError(
      "path-missing",
      "There is no home directory: HOME is not set or names no folder.",
      {
        hint: `Set HOME, or print the lines: cctelemetry init --shell ${shell} --print`,
      },
    );
  }
  const config = named("XDG_CONFIG_HOME") ?? path.join(home, ".config");
  const files = {
    // A terminal on macOS starts login shells, which read this one.
    bash: path.join(home, platform === "darwin" ? ".bash_profile" : ".bashrc"),
    zsh: path.join(home, ".zshrc"),
    fish: path.join(config, "fish", "conf.d", "cctelemetry.fish"),
    powershell:
      platform === "win32"
        ? path.join(home, "Documents", "PowerShell", "profile.ps1")
        : path.join(config, "powershell", "profile.ps1"),
  } satisfies Record<Exclude<ShellName, "cmd">, string>;
  return { path: files[shell], kind: shell === "fish" ? "own" : "profile", next };
}
