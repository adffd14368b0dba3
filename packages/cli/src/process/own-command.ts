import { statSync } from "node:fs";
import { delimiter, join } from "node:path";

/** How this program is called. */
const NAME = "cctelemetry";

/** What the answer depends on. */
export interface OwnCommandInput {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: string;
  /** The Node.js that runs, and the script it runs. */
  readonly program: string;
  readonly script: string;
}

/**
 * The line of a shell that runs this program: by its name where a shell finds it so, else by the
 * paths of Node.js and script.
 */
export function ownCommand({ env, platform, program, script }: OwnCommandInput): string {
  const names = platform === "win32" ? [`${NAME}.cmd`, `${NAME}.exe`] : [NAME];
  const folders = (env["PATH"] ?? env["Path"] ?? "").split(delimiter).filter((each) => each !== "");
  const found = folders.some((folder) => names.some((name) => isFile(join(folder, name))));
  return found ? NAME : `${quoted(program, platform)} ${quoted(script, platform)}`;
}

/** A word for bash, zsh and fish; on Windows for Git Bash and PowerShell alike. */
export function quoted(word: string, platform: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  if (platform === "win32") return `"${word.replaceAll("\\", "/").replaceAll('"', '\\"')}"`;
  return `'${word.replaceAll("'", "'\\''")}'`;
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
