import { expect, test } from "vitest";
import { withShortTexts } from "../src/short-texts.ts";

test("long texts are cut wherever they stand, between characters, and nothing else changes", () => {
  const long = "A".repeat(100_001);
  const emoji = `${"a".repeat(999)}🙂${long}`;
  const data = { kind: "live", n: 3, none: null, list: [{ model: long, ok: true }, [emoji]] };
  expect(withShortTexts(data)).toEqual({
    kind: "live",
    n: 3,
    none: null,
    list: [{ model: `${"A".repeat(1000)}…`, ok: true }, [`${"a".repeat(999)}…`]],
  });
  expect(withShortTexts("short")).toBe("short");
});
