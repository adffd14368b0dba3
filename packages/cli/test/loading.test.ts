import { expect, test, vi } from "vitest";
import { commands } from "../src/commands/index.ts";
import type { CommandContext } from "../src/process/context.ts";
import { runProgram } from "../src/program.ts";

test("a command that cannot be loaded is reported, and the early query ended", async () => {
  const query = commands.find(({ name }) => name === "query");
  if (query === undefined) throw new Error("there is no query");
  vi.spyOn(query, "load").mockRejectedValue(new Error("no such chunk"));
  const said: string[] = [];
  const endQueryChild = vi.fn();
  const stderr = { isTTY: false, columns: undefined, write: (text: string) => said.push(text) };
  const context = { stdout: stderr, stderr, home: "/", endQueryChild } as unknown as CommandContext;
  expect(await runProgram(["query", "SELECT 1"], context)).toBe(3);
  expect(said.join("")).toMatch(/^cctelemetry: this is a bug: no such chunk\n/);
  expect(endQueryChild).toHaveBeenCalledOnce();
});
