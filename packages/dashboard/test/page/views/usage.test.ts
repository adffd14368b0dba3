import { expect, test } from "vitest";
import type { Cell, TableColumn, TableMessage } from "../../../src/host/protocol.ts";
import { comparison } from "../../../src/page/views/comparison.ts";
import { factsOf, partsOver, usageBars } from "../../../src/page/views/usage.ts";

const types = {
  stage: "VARCHAR",
  cost_usd: "DECIMAL(38,9)",
  unpriced_requests: "BIGINT",
  total_tokens: "BIGINT",
} as const;

function table(...rows: readonly (readonly Cell[])[]): TableMessage {
  const columns = Object.entries(types).map(
    ([name, type]): TableColumn => ({
      name,
      label: name,
      unit: "text",
      type,
      role: "measure",
      bar: false,
      minor: false,
    }),
  );
  return { kind: "table", id: 0, columns, rows, more: false, footer: null };
}

const mixed = table(
  ["plan", "0.300000000", 0, 10],
  ["test", "0.100000000", 2, 10],
  ["docs", null, 3, 10],
);

test("a bar shows an unknown cost as none, and a partly known one as its least", () => {
  const bars = usageBars(mixed, "stage");
  expect(bars.map(({ facts }) => facts.slice(0, 2))).toEqual([
    ["$0.300", "75 %"],
    ["≥ $0.100", "25 %"],
    ["–", "–"],
  ]);
  expect(bars.map(({ value }) => value)).toEqual([0.3, 0.1, 0]);
});

test("a part of which no cost is known is not drawn as one of $0", () => {
  const { columns, rows } = mixed;
  const named = columns.map((each) => (each.name === "stage" ? { ...each, name: "part" } : each));
  const drawn = (shown: typeof rows) =>
    partsOver(
      { ...mixed, columns: named, rows: shown },
      { labels: ["now"], rows: [shown] },
      "cost_usd",
    ).map(({ name, values }) => [name, ...values]);
  expect(drawn(rows)).toEqual([
    ["plan", 0.3],
    ["test", 0.1],
  ]);
  expect(drawn(rows.slice(2))).toEqual([]);
});

test("the head of a view does the same", () => {
  const texts = mixed.rows.map((row) => factsOf(mixed, row)[0]);
  expect(texts).toEqual([
    { needs: "cost_usd", label: "cost", text: "$0.30", exact: "0.300000000" },
    { needs: "cost_usd", label: "cost", text: "≥ $0.10", exact: "0.100000000" },
    { needs: "cost_usd", label: "cost", text: "–", exact: "no price" },
  ]);
});

test("a difference to what is not known is not known", () => {
  const other = table(["plan", null, 1, 10], ["docs", "0.5", 0, 10], ["new", "0.2", 0, 10]);
  const costs = comparison(mixed, other, "a", "b").rows.map((row) => row.slice(0, 4));
  expect(costs).toEqual([
    ["plan", 0.3, null, null],
    ["test", 0.1, null, -0.1],
    ["docs", null, 0.5, null],
    ["new", null, 0.2, 0.2],
  ]);
});
