import { expect, test } from "vitest";
import { slowestLines, tooSlow } from "../scripts/support/slowest.mjs";

const files = (count: number, seconds: (at: number) => number) =>
  Array.from({ length: count }, (_, at) => ({
    name: `/clone/test/${at}.test.ts`,
    startTime: 5000,
    endTime: 5000 + 1000 * seconds(at),
  }));

test("the ten slowest files are listed, the slowest first", () => {
  const lines = slowestLines(
    files(30, (at) => at),
    "/clone",
  );
  expect(lines).toHaveLength(10);
  expect(lines[0]).toBe("   29.0 s  test/29.test.ts");
  expect(lines[9]).toBe("   20.0 s  test/20.test.ts");
});

test("a file that takes more than a tenth of all is too slow, on machines of any speed", () => {
  for (const pace of [0.1, 1, 40]) {
    const one = files(100, (at) => pace * (at === 7 ? 12 : 1));
    expect(tooSlow(one, "/clone")).toEqual([expect.stringMatching(/^test\/7\.test\.ts takes /)]);
    expect(
      tooSlow(
        files(100, (at) => pace * (at === 7 ? 10 : 1)),
        "/clone",
      ),
    ).toEqual([]);
  }
});

test("of a few files none is too slow", () => {
  expect(
    tooSlow(
      files(99, (at) => (at === 7 ? 1000 : 1)),
      "/clone",
    ),
  ).toEqual([]);
  expect(slowestLines([], "/clone")).toEqual([]);
});
