import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { absolute } from "./support/source-tree.ts";

/** Runs `npm start -- <args>` without npm. */
function start(...args: readonly string[]): {
  code: number | null;
  stdout: string;
  stderr: string;
} {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [absolute("scripts/start.mjs"), ...args],
    { encoding: "utf8" },
  );
  return { code: status, stdout, stderr };
}

test("npm start -- <args> is the program: its output, and nothing else", () => {
  const { code, stdout, stderr } = start("--version");
  expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
});

test("npm start -- <args> is the program: its exit code", () => {
  expect(start("import", "no-such-file.jsonl").code).toBe(1);
  expect(start("nonsense").code).toBe(2);
});
