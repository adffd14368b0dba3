import { afterAll, expect, test } from "vitest";
import { asLine, requests } from "../ingest/field-walk.ts";
import { ImportingDecoder } from "../support/decode.ts";

const decoder = new ImportingDecoder();
const good = (name: string): string =>
  `{"resourceLogs":[{"resource":{},"scopeLogs":[{"scope":{},"logRecords":[{"timeUnixNano":"1","body":{"stringValue":"${name}"}}]}]}]}`;
const wrong = ["null", "true", "-12.5", '"x"', "[]", "[[{}]]", "{}", '{"__proto__":1}', "1e300"];

type Path = readonly (string | number)[];

/** Where anything stands in a request, containers too. */
function placesOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [path];
  const within = Object.entries(value).flatMap(([key, each]) =>
    placesOf(each, [...path, Array.isArray(value) ? Number(key) : key]),
  );
  return [path, ...within];
}

function isName(key: string | number): boolean {
  return typeof key === "string";
}

/** The request with a placeholder at a path. */
function withHole(request: object, path: Path): string {
  const copy = JSON.parse(asLine(request)) as Record<string, unknown>;
  const [last] = path.slice(-1);
  let parent = copy;
  for (const key of path.slice(0, -1)) parent = parent[key] as Record<string, unknown>;
  parent[String(last)] = "<hole>";
  return JSON.stringify(copy);
}

for (const request of requests) {
  const all = placesOf(request).filter((path) => path.length > 0);
  // One place of each name; which element of a list it is in means nothing.
  const places = [...new Map(all.map((path) => [path.filter(isName).join("."), path])).values()];

  test(`every other type at every place of ${places[0]?.[0]}`, () => {
    expect(places.length).toBeGreaterThan(60);
    for (const [at, path] of places.entries()) {
      const [before, after] = withHole(request, path).split('"<hole>"');
      // Every third type, in turns: fields of a kind are many.
      for (const json of wrong.filter((_, which) => (which + at) % 3 === 0)) {
        const line = `${before}${json}${after}`;
        const rejections = decoder.block(
          Buffer.from(`${good("before")}\n${line}\n${good("after")}`),
        );
        const bodies = decoder.take().map((row) => row["body"]);
        expect(bodies, `${path.join(".")} ${json}`).toEqual(
          expect.arrayContaining(["before", "after"]),
        );
        expect(rejections.length).toBeLessThanOrEqual(1);
      }
    }
  });
}

afterAll(() => {
  expect(Object.keys(Object.prototype)).toEqual([]);
});
