import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folderForFile, imported, query, run } from "../support/cli.ts";
import { runInside } from "../support/inside.ts";
import { absolute } from "../support/source-tree.ts";

const folder = folderForFile(beforeAll, afterAll);
let db = "";

beforeAll(async () => {
  db = await imported(folder(), [absolute("fixtures/field/41-by-team-project-pr/input.jsonl")]);
});

/** Cost by part, and what all of it costs. */
async function split(by: string): Promise<Readonly<Record<string, number>>> {
  const { code, stdout, stderr } = await runInside([
    "report",
    "summary",
    "--by",
    by,
    "--json",
    "--db",
    db,
  ]);
  if (code !== 0) throw new Error(stderr);
  const rows = JSON.parse(stdout) as { part: string; cost_usd: number }[];
  return Object.fromEntries(rows.map(({ part, cost_usd }) => [part, Number(cost_usd)]));
}

async function bySql(expression: string): Promise<Readonly<Record<string, number>>> {
  const rows = await query(
    db,
    `SELECT coalesce(${expression}, '(none)') AS part, sum(cost_usd)::DOUBLE AS usd
     FROM api_requests GROUP BY ALL`,
  );
  return Object.fromEntries(rows.map(({ part, usd }) => [String(part), Number(usd)]));
}

describe("cost is split by", () => {
  test.each([
    ["tag:team", "tags->>'$.team'"],
    ["tag:project", "tags->>'$.project'"],
    ["tag:github.pr_number", `tags->>'$."github.pr_number"'`],
    ["tag:cost_center", "tags->>'$.cost_center'"],
    ["repository", `tags->>'$."vcs.repository.name"'`],
    ["branch", `tags->>'$."vcs.ref.head.name"'`],
    ["user", "coalesce(user_email, user_id)"],
    ["service", "service_name"],
    ["version", "service_version"],
  ])("%s", async (by, expression) => {
    const parts = await split(by);
    expect(parts).toEqual(await bySql(expression));
  });

  test("user: three people, one of them with an id only", async () => {
    expect(Object.keys(await split("user")).length).toBe(3);
  });

  test.each(["organization", "provider", "entrypoint"])("%s, which nothing carries", async (by) => {
    expect(Object.keys(await split(by))).toEqual(["(none)"]);
  });
});

test("a word that is a tag gets the hint how to split by it", async () => {
  const { code, stderr } = await run(["report", "summary", "--by", "team", "--db", db]);
  expect(code).toBe(2);
  expect(stderr).toContain("a tag of yours is --by tag:team.");
});

test.each(["tag:", "tag:NAME"])("%s is no tag", async (by) => {
  const { stderr } = await run(["report", "summary", "--by", by, "--db", db]);
  expect(stderr).toContain(`cannot be split by ${by}`);
});

test("the name of a tag is data: dots, slashes, quotes and what looks like a path", async () => {
  for (const name of ["a'b", "$.team", "/team", "~1", "te am", "[0]"]) {
    expect(Object.keys(await split(`tag:${name}`))).toEqual(["(none)"]);
  }
});
