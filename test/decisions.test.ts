import { expect, test } from "vitest";
import { readTree } from "./support/source-tree.ts";

const files = await readTree("docs/decisions", [".md"]).then((all) =>
  all.map(({ path, text }) => ({ name: path.slice("docs/decisions/".length), text })),
);
const index = files.find(({ name }) => name === "README.md")?.text ?? "";
const pages = files.filter(({ name }) => name !== "README.md");

/** `[0304](0304-small-leases.md)`, the number twice. */
const link = String.raw`\[(\d{4})\]\((\1-[a-z0-9-]+\.md)\)`;
const status = new RegExp(
  String.raw`^\d{4}-\d\d-\d\d · (?:accepted|(?:accepted, in part )?superseded by ${link})$`,
);

test("each decision has its number, a date and a status below its title", () => {
  expect(pages.length).toBeGreaterThan(0);
  const wrong = pages.filter(({ name, text }) => {
    const [title = "", blank, front = "", after] = text.split("\n");
    const isTitled = title.startsWith(`# ${name.slice(0, 4)} `);
    return !(isTitled && blank === "" && after === "" && status.test(front));
  });
  expect(wrong.map(({ name }) => `${name}: needs "# number title", then "date · status"`)).toEqual(
    [],
  );
});

test("a decision is superseded by a later page that names it", () => {
  const wrong = pages.flatMap(({ name, text }) => {
    const [, , later = ""] = status.exec(text.split("\n")[2] ?? "") ?? [];
    if (later === "") return [];
    const successor = pages.find((page) => page.name === later);
    const isNamed = successor?.text.includes(`(${name})`) === true && later > name;
    return isNamed ? [] : [`${name}: ${later} is no later page that links to it`];
  });
  expect(wrong).toEqual([]);
});

test("the table has each decision once, in the order of numbers", () => {
  const rows = [...index.matchAll(new RegExp(`^\\| ${link} \\| .+ \\|$`, "gm"))];
  expect(rows.map(([, , name]) => name)).toEqual(pages.map(({ name }) => name));
  const numbers = pages.map(({ name }) => name.slice(0, 4));
  expect(new Set(numbers).size).toBe(numbers.length);
});
