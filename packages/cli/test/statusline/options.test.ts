import { Command } from "commander";
import { expect, test } from "vitest";
import { define } from "../../src/commands/statusline.ts";
import type { CommandContext } from "../../src/process/context.ts";
import { drawingOptions, readDrawing } from "../../src/statusline/options.ts";

test("the short way and the command know the same options", () => {
  const command = new Command("statusline");
  define(command, {} as CommandContext);
  const setUp = ["install", "uninstall", "replace"];
  const known = command.options.map(({ long }) => (long ?? "").replace("--", ""));
  const wanted = [...Object.keys(drawingOptions), ...setUp].filter((name) => name !== "no-color");
  expect(known.sort()).toEqual(wanted.sort());
});

test("the short way takes what it knows and leaves the rest to the command", () => {
  expect(readDrawing(["a.jsonl", "--width=60", "--no-color", "--db", "x"])).toEqual({
    paths: ["a.jsonl"],
    db: "x",
    template: undefined,
    width: 60,
    json: false,
    fresh: false,
    color: false,
  });
  for (const args of [["--help"], ["--width", "wide"], ["--install"], ["--debug"], ["--db"]]) {
    expect(readDrawing(args)).toBeUndefined();
  }
});
