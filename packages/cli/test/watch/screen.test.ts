import headless from "@xterm/headless";
import fc from "fast-check";
import { expect, test } from "vitest";
import { enterScreen, frameUpdate, leaveScreen } from "../../src/watch/screen.ts";

/** A terminal emulator. */
function emulator(columns: number, rows: number): headless.Terminal {
  return new headless.Terminal({ cols: columns, rows, allowProposedApi: true });
}

function write(terminal: headless.Terminal, text: string): Promise<void> {
  return new Promise((done) => terminal.write(text, done));
}

/** What its screen shows, without trailing spaces. */
function shown(terminal: headless.Terminal): readonly string[] {
  const { active } = terminal.buffer;
  return Array.from(
    { length: terminal.rows },
    (_, row) => active.getLine(active.viewportY + row)?.translateToString(true) ?? "",
  );
}

const COLUMNS = 12;
const line = fc
  .array(fc.constantFrom("a", "7", " ", "測", "é", "▇"), { maxLength: 6 })
  .map((parts) => parts.join("").trimEnd())
  .chain((text) => fc.constantFrom(text, text.padEnd(COLUMNS, "x").slice(0, 6)));
const frame = fc.array(fc.oneof(line, fc.constant("x".repeat(COLUMNS))), {
  minLength: 4,
  maxLength: 4,
});

test("after any frames the screen shows the last, full rows included", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(frame, { minLength: 1, maxLength: 6 }), async (frames) => {
      const terminal = emulator(COLUMNS, 4);
      await write(terminal, enterScreen);
      let before: readonly string[] | undefined;
      for (const next of frames) {
        await write(terminal, frameUpdate(before, next));
        expect(shown(terminal)).toEqual(next.map((text) => text.trimEnd()));
        before = next;
      }
      terminal.dispose();
    }),
    { numRuns: 60 },
  );
});

test("a frame that is the same is not written, and of others only the rows that differ", () => {
  const before = ["head", "one", "two"];
  expect(frameUpdate(before, [...before])).toBe("");
  const update = frameUpdate(before, ["head", "1", "two"]);
  expect(update).toContain("1");
  expect(update).not.toMatch(/head|two/);
});

test("a new size is drawn again", async () => {
  const terminal = emulator(8, 3);
  await write(terminal, enterScreen + frameUpdate(undefined, ["aaaaaaaa", "bbbbbbbb", "cccc"]));
  terminal.resize(4, 2);
  await write(terminal, frameUpdate(undefined, ["AAAA", "B"]));
  expect(shown(terminal)).toEqual(["AAAA", "B"]);
});

test("afterwards the terminal is as it was", async () => {
  const terminal = emulator(20, 3);
  await write(terminal, "$ cctelemetry watch\r\n");
  await write(terminal, enterScreen);
  expect(terminal.buffer.active.type).toBe("alternate");
  await write(terminal, frameUpdate(undefined, ["one", "two", "three"]) + leaveScreen);
  expect(terminal.buffer.active.type).toBe("normal");
  expect(shown(terminal)).toEqual(["$ cctelemetry watch", "", ""]);
});
