import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { TableColumn, TableMessage } from "../../host/protocol.ts";
import { Bars } from "../charts/bars.tsx";
import { Columns } from "../charts/columns.tsx";
import { isNumeric } from "../data/cells.ts";
import { huesOf } from "../data/colours.ts";
import { readerOf } from "../data/rows.ts";
import { tokensText, usdText } from "../data/text.ts";
import { Select } from "../ui/controls.tsx";

const MOST_BARS = 30;
const MOST_COLUMNS = 400;

/** A result as a chart: of a number by the first column that names something or has times. */
export function QuickChart({ table }: { readonly table: TableMessage }): VNode | null {
  const numbers = table.columns.filter(isNumeric);
  const by = table.columns.find((column) => !isNumeric(column));
  const [chosen, choose] = useState("");
  if (by === undefined || numbers.length === 0 || table.rows.length < 2) return null;
  const measured = numbers.find(({ name }) => name === chosen);
  return (
    <div class="quick-chart">
      <Select
        label="Chart"
        value={measured?.name ?? ""}
        choices={[
          { value: "", label: "no chart" },
          ...numbers.map(({ name }) => ({ value: name, label: `chart of ${name}` })),
        ]}
        onChoose={choose}
      />
      {measured !== undefined && <Chart {...{ table, by, measured }} />}
    </div>
  );
}

function Chart(props: {
  readonly table: TableMessage;
  readonly by: TableColumn;
  readonly measured: TableColumn;
}): VNode {
  const { table, by, measured } = props;
  const read = readerOf(table.columns);
  const show = measured.name.includes("usd") ? usdText : tokensText;
  const title = `${measured.name} by ${by.name}`;
  if (by.type.startsWith("TIMESTAMP") || by.type === "DATE") {
    const rows = table.rows
      .slice(0, MOST_COLUMNS)
      .toSorted((a, b) => (read.text(a, by.name) < read.text(b, by.name) ? -1 : 1));
    const labels = rows.map((row) => read.text(row, by.name).slice(0, 16).replace("T", " "));
    const values = rows.map((row) => read.number(row, measured.name));
    return (
      <Columns
        title={title}
        labels={labels}
        series={[{ name: measured.name, colour: "token-input", values }]}
        show={show}
      />
    );
  }
  const rows = table.rows.slice(0, MOST_BARS);
  const hues = huesOf(rows.map((row) => read.text(row, by.name)));
  const bars = rows.map((row) => {
    const name = read.text(row, by.name);
    const value = read.number(row, measured.name);
    const colour = hues.get(name) ?? "hue-other";
    return { name, colour, value, parts: [{ name, colour, value }], facts: [show(value)] };
  });
  return <Bars title={by.name} headings={[measured.name]} bars={bars} />;
}
