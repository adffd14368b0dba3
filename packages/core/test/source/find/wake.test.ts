import { appendFileSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { FileFinder } from "../../../src/source/find/finder.ts";
import { wakeOnChange } from "../../../src/source/find/wake.ts";
import { Following, lines, until } from "../../support/following.ts";

let folder = "";

beforeEach(async () => {
  folder = realpathSync(await mkdtemp(join(tmpdir(), "cctelemetry-wake-")));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** Makes directories with links in them: name of the link, and what it leads to. */
function tree(root: string, links: Readonly<Record<string, string>>): void {
  for (const [link, target] of Object.entries(links)) {
    const path = join(root, link);
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync(target, path, "dir");
  }
}

/** Trees whose links, if followed, have no end. */
const trees: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "two links that lead up": { "d1/up": "..", "d2/up": ".." },
  "a link to itself": { self: "self" },
  "a link to its own folder": { here: "." },
  "links to each other": { "a/b": "../b", "b/a": "../a" },
  "a tower of links": Object.fromEntries(
    Array.from({ length: 12 }, (_, at) => [`l${at}/x`, `../l${(at + 1) % 12}`]),
  ),
};

describe.each(Object.entries(trees))("a followed folder with %s", (_name, links) => {
  test("is live, and its following ends", async () => {
    const following = await Following.open();
    const root = following.path("telemetry");
    mkdirSync(root);
    tree(root, links);
    const file = join("telemetry", "otel.jsonl");
    following.append(file, lines(1));
    await following.start(["telemetry"]);
    following.append(file, lines(2));
    await following.expectStored([1, 2], 10_000);
    const began = performance.now();
    await following.stop();
    expect(performance.now() - began).toBeLessThan(10_000);
  });

  test("ends a pattern through all its folders, too", async () => {
    const following = await Following.open();
    const root = following.path("telemetry");
    mkdirSync(root);
    tree(root, links);
    following.append(join("telemetry", "otel.jsonl"), lines(1));
    await following.start(["telemetry/**/*.jsonl"]);
    await following.expectStored([1], 10_000);
    await following.stop();
  });

  test("wakes whoever watches it, without a path through a link", async () => {
    tree(folder, links);
    const file = join(folder, "otel.jsonl");
    writeFileSync(file, "");
    const paths: (string | undefined)[] = [];
    const place = { directory: folder, deep: true, cares: () => true };
    const wakeUps = await wakeOnChange([place], (_event, path) => paths.push(path));
    await until("it begins", () => paths.length > 0);
    appendFileSync(file, "x");
    await until("it wakes", () => paths.includes(file));
    await wakeUps.close();
    const known = new Set([
      undefined,
      file,
      ...Object.keys(links).map((link) => join(folder, link)),
    ]);
    expect(paths.filter((path) => !known.has(path))).toEqual([]);
  });
});

test("a folder that is given as a link is watched, by the path it was given", async () => {
  const real = join(folder, "real");
  const link = join(folder, "link");
  mkdirSync(real);
  symlinkSync(real, link, "dir");
  const paths: (string | undefined)[] = [];
  const place = { directory: link, deep: true, cares: () => true };
  const wakeUps = await wakeOnChange([place], (_event, path) => paths.push(path));
  await until("it begins", () => paths.length > 0);
  writeFileSync(join(real, "otel.jsonl"), "x");
  await until("it wakes", () => paths.includes(join(link, "otel.jsonl")));
  await wakeUps.close();
});

test("what is written behind a link in a followed folder arrives", async () => {
  const following = await Following.open();
  mkdirSync(following.path("telemetry"));
  following.append("elsewhere.jsonl", lines(1));
  symlinkSync(following.path("elsewhere.jsonl"), following.path("telemetry/otel.jsonl"));
  await following.start(["telemetry"]);
  following.append("elsewhere.jsonl", lines(2));
  await following.expectStored([1, 2], 5_000);
});

test("a file that is given as a link wakes whoever follows it at once", async () => {
  const real = join(folder, "real", "otel.jsonl");
  const link = join(folder, "link.jsonl");
  mkdirSync(dirname(real));
  writeFileSync(real, "");
  symlinkSync(real, link);
  const paths: (string | undefined)[] = [];
  const wakeUps = await wakeOnChange(new FileFinder([link]).places(), (_event, path) => {
    paths.push(path);
  });
  await until("it begins", () => paths.length > 0);
  appendFileSync(real, "x");
  await until("it wakes", () => paths.includes(real));
  await wakeUps.close();
});
