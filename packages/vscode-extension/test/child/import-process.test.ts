import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { KnownError } from "@cctelemetry/core/light";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { requestLine } from "../../../../test/support/telemetry.ts";
import { importIn } from "../../src/child/import-process.ts";
import { type Scene, scene } from "./support.ts";

const script = fileURLToPath(new URL("../../dist/child/import-child.mjs", import.meta.url));

let place: Scene;

beforeEach(() => {
  place = scene();
});

afterEach(() => {
  place.remove();
});

function importing(paths: readonly string[], signal = new AbortController().signal) {
  const request = { database: place.database, paths: [...paths], ownTags: {} };
  return importIn(script, request, () => undefined, signal);
}

/** A script that answers any request with one message, as a process of an import would. */
function answering(message: object): string {
  const path = join(place.folder, "answer.mjs");
  const answer = JSON.stringify(message);
  writeFileSync(
    path,
    `process.once("message", () => process.send(${answer}, () => process.exit()));`,
  );
  return path;
}

test("an import says what it read", async () => {
  appendFileSync(place.file, `${requestLine(1)}\n`);
  expect(await importing([place.file])).toMatch(/^1 log record, .* from 1 file/);
});

describe("an import that fails", () => {
  test("reports the error its process met, with its code", async () => {
    const missing = join(place.folder, "none.jsonl");
    await expect(importing([missing])).rejects.toMatchObject({
      code: "path-missing",
      message: `There is no file or directory "${missing}".`,
    });
  });

  test("reports a bug as a bug, with its stack", async () => {
    const stack = "TypeError: x is not a function\n    at decode (main.mjs:1:2)";
    const bug = answering({ kind: "broken", stack });
    const request = { database: place.database, paths: [place.file], ownTags: {} };
    const { signal } = new AbortController();
    const outcome = importIn(bug, request, () => undefined, signal);
    await expect(outcome).rejects.toMatchObject({ message: "x is not a function", stack });
    await expect(outcome).rejects.not.toBeInstanceOf(KnownError);
  });

  test("reports that its process ended without an answer", async () => {
    const silent = join(place.folder, "silent.mjs");
    writeFileSync(silent, "process.exit(7);");
    const request = { database: place.database, paths: [place.file], ownTags: {} };
    await expect(
      importIn(silent, request, () => undefined, new AbortController().signal),
    ).rejects.toThrow("exit code 7");
  });
});

describe("an import that the user stops", () => {
  test("before it began, does not begin", async () => {
    const outcome = importing([place.file], AbortSignal.abort());
    await expect(outcome).rejects.toMatchObject({ code: "cancelled" });
  });

  test("while it runs, is reported as stopped", async () => {
    const run = new AbortController();
    const outcome = importing([place.file], run.signal);
    run.abort();
    await expect(outcome).rejects.toMatchObject({ code: "cancelled" });
  });
});
