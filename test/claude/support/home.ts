import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

/** Says who asks; the simulated API does not look at it. */
export const dummyKey = "sk-ant-dummy-key-for-a-simulated-api-on-loopback-000000";

/** Makes a home in which Claude Code has been started before, and asks nothing. */
export async function makeHome(home: string): Promise<void> {
  await mkdir(join(home, ".claude"), { recursive: true });
  const state = {
    hasCompletedOnboarding: true,
    lastOnboardingVersion: "9.9.9",
    theme: "dark",
    bypassPermissionsModeAccepted: true,
    customApiKeyResponses: { approved: [dummyKey.slice(-20)], rejected: [] },
    projects: {},
  };
  await writeFile(join(home, ".claude.json"), JSON.stringify(state));
}

/** Makes a repository with two files in it. */
export async function makeWork(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "a.txt"), "one\ntwo\nthree\n");
  await writeFile(join(folder, "b.txt"), "other\n");
  const git = (...args: readonly string[]): Promise<unknown> =>
    promisify(execFile)("git", args, { cwd: folder, env: { PATH: process.env["PATH"] } });
  await git("init", "--quiet", "--initial-branch", "main");
  await git("config", "user.email", "test@example.invalid");
  await git("config", "user.name", "Test");
  await git("add", "--all");
  await git("commit", "--quiet", "--message", "Begin");
}
