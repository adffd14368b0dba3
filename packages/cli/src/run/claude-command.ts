import { KnownError } from "@cctelemetry/core/light";

/** Options with which Claude Code gets the session's id from elsewhere, or makes none. */
const otherSession = new Set([
  ...["--session-id", "--resume", "-r", "--continue", "-c", "--fork-session", "--from-pr"],
  ...["--teleport", "--remote", "--bg", "--background"],
  ...["--help", "-h", "--version", "-v"],
]);

/** Commands of Claude Code that start no session. */
const noSession = new Set(
  "agents auth auto-mode config doctor install mcp migrate-installer plugin plugins setup-token update upgrade".split(
    " ",
  ),
);

/** Programs that start another one, which an argument names. */
const launchers = new Set(["npx", "bunx", "npm", "pnpm", "yarn", "bun", "node", "deno", "env"]);

/** How far behind a launcher the program's name is looked for. */
const MOST_LAUNCHER_WORDS = 6;

/**
 * Where a command line names Claude Code: the index of the word after which its own arguments
 * begin, less one. Undefined for any other program, a script that starts it later included.
 */
export function claudeWord(command: readonly string[]): number | undefined {
  const [program = ""] = command;
  if (namesClaude(program)) return 0;
  if (!launchers.has(bareName(program))) return undefined;
  const at = command.slice(0, MOST_LAUNCHER_WORDS).findIndex(namesClaude);
  return at === -1 ? undefined : at;
}

/** The value of the last `--settings` among Claude Code's arguments, and the arguments without any. */
export function extractSettings(args: readonly string[]): {
  readonly given: string | undefined;
  readonly rest: readonly string[];
} {
  const rest: string[] = [];
  let given: string | undefined;
  for (let index = 0; index < args.length; index += 1) {
    const word = args[index] ?? "";
    if (word === "--") {
      rest.push(...args.slice(index));
      break;
    }
    if (word.startsWith("--settings=")) given = word.slice("--settings=".length);
    else if (word !== "--settings") rest.push(word);
    else {
      index += 1;
      given = args[index];
      if (given === undefined) throw new KnownError("bad-argument", "--settings has no value.");
    }
  }
  return { given, rest };
}

/** Whether the arguments start a session at all, and do not one of Claude Code's other commands. */
export function startsSession(args: readonly string[]): boolean {
  return !noSession.has(args[0] ?? "");
}

/** Whether the arguments leave it to us to choose the session's id. */
export function acceptsSessionId(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  const options = end === -1 ? args : args.slice(0, end);
  return !options.some(
    (word) => otherSession.has(word.replace(/=.*$/s, "")) || /^-[a-z]*[crhv]/i.test(word),
  );
}

/** The session that the arguments name themselves; undefined if they name none. */
export function namedSession(args: readonly string[]): string | undefined {
  const at = args.findIndex((word) => word === "--session-id" || word.startsWith("--session-id="));
  if (at === -1) return undefined;
  const word = args[at] ?? "";
  return word.includes("=") ? word.slice(word.indexOf("=") + 1) : args[at + 1];
}

/** `claude`, a path to it, the package it comes in, or the script in that package. */
function namesClaude(word: string): boolean {
  return (
    bareName(word) === "claude" ||
    /(^|[/\\])@anthropic-ai[/\\]claude-code([@/\\]|$)/.test(word) ||
    /[/\\]claude-code[^/\\]*[/\\]cli\.js$/.test(word)
  );
}

/** The last part of a path, without the ending of a program on Windows. */
function bareName(path: string): string {
  const name = path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
  return name.toLowerCase().replace(/\.(exe|cmd|ps1|bat)$/, "");
}
