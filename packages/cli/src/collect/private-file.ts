import { readFile, stat } from "node:fs/promises";
import { KnownError } from "@cctelemetry/core/light";
import { tokenFault } from "@cctelemetry/receiver";
import type { Variables } from "../process/context.ts";

export const TOKEN_VARIABLE = "CCTELEMETRY_TOKEN";

/**
 * The token, never from the command line, which every process of the machine can read: from a file,
 * or else from the environment. KnownError if it is none, or not kept to oneself.
 */
export async function readToken(
  path: string | undefined,
  env: Variables,
): Promise<string | undefined> {
  if (path === undefined) {
    const named = env[TOKEN_VARIABLE];
    return named === undefined || named === "" ? undefined : checked(named, TOKEN_VARIABLE);
  }
  const text = await readPrivateFile(
    path,
    "token",
    "Write a token into it, of 16 characters or more.",
  );
  return checked(text.trim(), path);
}

/**
 * A file with a secret of the user. KnownError if it cannot be read, or others can read it.
 *
 * @param what it holds, in a word
 * @param hint what to do where it cannot be read
 */
export async function readPrivateFile(path: string, what: string, hint: string): Promise<string> {
  const refuse = (reason: string, advice: string, cause?: unknown) =>
    new KnownError("path-unsuitable", `The ${what} file ${path} ${reason}.`, {
      hint: advice,
      cause,
    });
  try {
    const { mode } = await stat(path);
    if (process.platform !== "win32" && (mode & 0o077) !== 0) {
      throw refuse("can be read by others", `Keep it to yourself: chmod 600 ${path}`);
    }
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof KnownError) throw error;
    throw refuse("cannot be read", hint, error);
  }
}

function checked(token: string, place: string): string {
  const fault = tokenFault(token);
  if (fault === undefined) return token;
  throw new KnownError("bad-argument", `The token in ${place} ${fault}.`, {
    hint: "A token is one word of 16 visible characters or more.",
  });
}
