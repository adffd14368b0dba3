import { expect, test } from "vitest";
import type { TableColumn } from "../../../src/host/protocol.ts";
import { microsOf, revived, shownCells, tableText } from "../../../src/page/data/cells.ts";

function column(name: string, type: string, unit: string | null = null): TableColumn {
  return { name, label: name, type, unit, role: null, bar: false, minor: false };
}

test("instants and large numbers come back as they were", () => {
  const type = "TIMESTAMP WITH TIME ZONE";
  expect(revived("2026-11-21T10:00:00.123456Z", type)).toEqual({
    kind: "time",
    micros: 1_795_255_200_123_456n,
  });
  expect(revived("infinity", type)).toBe("infinity");
  expect(revived("9007199254740993", "BIGINT")).toBe(9_007_199_254_740_993n);
  expect(revived("0.014", "DECIMAL(18,9)")).toBe("0.014");
  expect(revived("12", "VARCHAR")).toBe("12");
  expect(microsOf("not a time")).toBeUndefined();
});

test("cells are short to the eye and exact beneath", () => {
  const cells = shownCells(column("tokens", "BIGINT", "tokens"), [181_612, 0, null], "UTC");
  expect(cells).toEqual([
    { text: "182k", exact: "181612", quiet: false },
    { text: "0", exact: undefined, quiet: true },
    { text: "–", exact: undefined, quiet: true },
  ]);
});

test("text that fools the eye is shown as escapes, also beneath", () => {
  const [cell] = shownCells(column("name", "VARCHAR"), ["a\u202eb\u001b[31m"], "UTC");
  expect(cell?.text).toBe("a\\u202eb\\x1b[31m");
  expect(cell?.exact).toBeUndefined();
});

test("times are shown in the zone of the page", () => {
  const type = "TIMESTAMP WITH TIME ZONE";
  const [cell] = shownCells(column("t", type), ["2026-11-21T10:00:00Z"], "Asia/Tokyo");
  expect(cell?.text).toBe("2026-11-21 19:00:00");
});

test("exports are exact, and no formulas", () => {
  const table = {
    columns: [column("name", "VARCHAR"), column("cost_usd", "DECIMAL(18,9)", "usd")],
    rows: [["=1+1", "0.017087200"]],
  };
  expect(tableText("csv", table, "UTC", "t")).toBe('name,cost_usd\r\n"\'=1+1",0.0170872\r\n');
  expect(JSON.parse(tableText("json", table, "UTC", "t"))).toEqual([
    { name: "=1+1", cost_usd: 0.0170872 },
  ]);
  expect(tableText("markdown", table, "UTC", "t")).toContain("| =1+1 | $0.017 |");
});

test("a list is exported as the list it is", () => {
  const table = { columns: [column("l", "VARCHAR[]")], rows: [['["a","b"]']] };
  expect(JSON.parse(tableText("json", table, "UTC", "t"))).toEqual([{ l: ["a", "b"] }]);
});
