import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { posix } from "node:path";
import { expect, test } from "vitest";
import { reports } from "../packages/core/src/reports/registry.ts";
import { absolute, readTree, type TextFile } from "./support/source-tree.ts";

const documents = await Promise.all([
  readTree("docs", [".md"]),
  readTree("bench", ["README.md"]),
  readTree("packages", ["README.md"]),
  topLevel(),
]).then((groups) => groups.flat());

/** The documents in the root of the repository. */
async function topLevel(): Promise<readonly TextFile[]> {
  const names = (await readdir(absolute("."))).filter((name) => name.endsWith(".md"));
  return Promise.all(
    names.map(async (path) => ({ path, text: await readFile(absolute(path), "utf8") })),
  );
}

/** The fragments that a Markdown renderer gives the headings of a page. */
function anchorsOf(text: string): ReadonlySet<string> {
  return new Set(
    [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, "")
        .replaceAll(" ", "-"),
    ),
  );
}

test("links between documents lead to files and headings that are there", () => {
  const wrong = documents.flatMap(({ path, text }) =>
    [...text.matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g)].flatMap(
      ([link, target = "", anchor]) => {
        const file = target === "" ? path : posix.join(posix.dirname(path), target);
        if (!existsSync(absolute(file))) return [`${path}: ${link}`];
        if (anchor === undefined) return [];
        const page = documents.find((each) => each.path === file);
        return page !== undefined && anchorsOf(page.text).has(anchor) ? [] : [`${path}: ${link}`];
      },
    ),
  );
  expect(documents.length).toBeGreaterThan(50);
  expect(wrong).toEqual([]);
});

test("paths that the guides for contributors name are there", () => {
  const guides = documents.filter(({ path }) => /^(CONTRIBUTING|ARCHITECTURE)\.md$/.test(path));
  const paths = guides.flatMap(({ path, text }) =>
    [...text.matchAll(/`((?:packages|test|scripts|docs|bench|fixtures|\.ci)\/[\w./-]+)`/g)].map(
      ([, named = ""]) => ({ guide: path, named }),
    ),
  );
  // NAME and NN stand for what a contributor chooses.
  const fixed = paths.filter(({ named }) => !/NAME|NN/.test(named));
  expect(fixed.length).toBeGreaterThan(40);
  expect(fixed.filter(({ named }) => !existsSync(absolute(named)))).toEqual([]);
});

test("docs/reports.md names each report, in the order of lists", () => {
  const page = documents.find(({ path }) => path === "docs/reports.md")?.text ?? "";
  const [list = ""] = /^`summary`, .*$/m.exec(page) ?? [];
  expect([...list.matchAll(/`(\w+)`[,.]/g)].map(([, name]) => name)).toEqual(Object.keys(reports));
});
