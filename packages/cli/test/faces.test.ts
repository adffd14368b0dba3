import { KnownError } from "@cctelemetry/core/light";
import { CommanderError } from "commander";
import { describe, expect, test } from "vitest";
import { formatOf } from "../src/options.ts";
import { progressLine } from "../src/output/progress.ts";
import { exitCodeOf, failureText } from "../src/process/failure.ts";

describe("exit codes", () => {
  test.each([
    [new KnownError("store-locked", "held"), 1],
    [new KnownError("bad-argument", "wrong"), 2],
    [new CommanderError(1, "commander.unknownOption", "unknown"), 2],
    [new CommanderError(0, "commander.helpDisplayed", "help"), 0],
    [new TypeError("a is not a function"), 3],
    ["thrown text", 3],
  ])("%s: %s", (error, code) => expect(exitCodeOf(error)).toBe(code));
});

describe("what is said of an error", () => {
  test("a known one: the sentence and the next step", () => {
    const error = new KnownError("store-locked", "It is held.", { hint: "Wait." });
    expect(failureText(error, false)).toBe("cctelemetry: It is held.\nhint: Wait.\n");
  });

  test("a bug: that it is one, and its stack only when asked for", () => {
    const error = new TypeError("a is not a function", { cause: new Error("because") });
    expect(failureText(error, false)).toMatch(
      /^cctelemetry: this is a bug: a is not.*\nhint: .*--debug/,
    );
    expect(failureText(error, false)).not.toContain("    at ");
    expect(failureText(error, true)).toMatch(/ {4}at [\s\S]*caused by: Error: because/);
  });

  test("nothing that a terminal would act on, and no line that is not ours", () => {
    const error = new KnownError(
      "path-missing",
      "No file a\u001b]52;c;\u0007\nhint: run rm -rf",
      {},
    );
    expect(failureText(error, false)).toBe(
      "cctelemetry: No file a\\x1b]52;c;\\x07\\nhint: run rm -rf\n",
    );
  });

  test("nothing of Commander's errors, which it has printed itself", () => {
    expect(failureText(new CommanderError(1, "commander.unknownOption", "x"), true)).toBe("");
  });
});

describe("the format", () => {
  test.each([
    [{}, "table"],
    [{ json: true }, "json"],
    [{ format: "csv" }, "csv"],
    [{ output: "a.CSV" }, "csv"],
    [{ output: "a.ndjson" }, "jsonl"],
    [{ output: "a.parquet" }, "parquet"],
    [{ output: "a.txt" }, "table"],
    [{ output: "a.csv", format: "json" }, "json"],
    [{ output: "a.csv", json: true }, "json"],
    [{ output: "a.xlsx", format: "csv" }, "csv"],
    [{ output: "/dev/stdout" }, "table"],
    [{ output: "2026.11/report" }, "table"],
    [{ output: ".report" }, "table"],
  ] as const)("of %j is %s", (options, format) => expect(formatOf(options)).toBe(format));

  test.each(["a.xlsx", "a.tsv", "a.csv.gz", "a.yaml", "a.b c", "a.\u001b"])(
    "of --output %j is not known",
    (output) => {
      expect(() => formatOf({ output })).toThrow(/^The extension .* names no format\.$/);
    },
  );
});

describe("the progress line", () => {
  const progress = {
    path: "a\u001b[31m/claude-code.jsonl",
    bytesRead: 640_000_000,
    bytesTotal: 1_000_000_000,
    records: 512_345,
  };

  test("shows part, rate and time left, and escapes the file's name", () => {
    expect(progressLine(progress, 12_300, 120)).toBe(
      " 64 % ▇▇▇▇▇▇▇▇▇▇▇▇▇▁▁▁▁▁▁▁  640 MB of 1 GB  52 MB/s  512k records  6.9 s left  a\\x1b[31m/claude-code.jsonl",
    );
  });

  test("fits the terminal", () => {
    expect([...progressLine(progress, 12_300, 60)].length).toBeLessThanOrEqual(60);
  });

  test("of a stream knows no part", () => {
    const stream = { ...progress, path: "-", bytesTotal: undefined };
    expect(progressLine(stream, 10_000, 80)).toBe("640 MB  64 MB/s  512k records  -");
  });
});
