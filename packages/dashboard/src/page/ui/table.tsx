import type { VNode } from "preact";
import { useMemo, useState } from "preact/hooks";
import type { TableColumn, TableMessage } from "../../host/protocol.ts";
import { isNumeric, numberOf, type ShownCell, shownCells } from "../data/cells.ts";
import { filterRows, nextSort, type Row, type Sort, sortRows } from "../data/rows.ts";
import { usePage } from "./context.ts";
import { LinkButton, TextField } from "./controls.tsx";
import { Exports } from "./exports.tsx";
import { Scrolled } from "./scrolled.tsx";

const PAGE = 100;

interface TableProps {
  readonly table: TableMessage;
  /** What the rows are, for those who hear the page and for exported text. */
  readonly caption: string;
  /** Opens a row; shown as a link in its first column. */
  readonly onOpen?: (row: Row) => void;
  /** Columns left out, because something above shows the same. */
  readonly without?: readonly string[];
  readonly isOld?: boolean;
  readonly sort?: Sort;
}

/** Rows with sort, filter, copy and export. */
export function DataTable(props: TableProps): VNode {
  const { table, caption, onOpen, without = [], isOld = false } = props;
  const { timeZone } = usePage();
  const [sort, setSort] = useState<Sort | undefined>(props.sort);
  const [filter, setFilter] = useState("");
  const [wide, setWide] = useState(false);
  const [most, setMost] = useState(PAGE);
  const chosen = useMemo(() => filterRows(sortRows(table, sort), filter), [table, sort, filter]);
  const shown = chosen.slice(0, most);
  const columns = table.columns.filter(
    ({ name, minor }) => !without.includes(name) && (wide || !minor),
  );
  const hasMinor = table.columns.some(({ name, minor }) => minor && !without.includes(name));
  return (
    <section class={isOld ? "table-box old" : "table-box"} aria-label={caption}>
      <div class="table-tools">
        <TextField
          label={`Filter ${caption}`}
          placeholder="filter rows…"
          class="row-filter"
          value={filter}
          onInput={setFilter}
        />
        <span class="quiet">{rowsText(chosen.length, table)}</span>
        <span class="spring" />
        {hasMinor && (
          <LinkButton onClick={() => setWide(!wide)}>
            {wide ? "fewer columns" : "all columns"}
          </LinkButton>
        )}
        <Exports table={{ columns: table.columns, rows: chosen }} name={caption} />
      </div>
      <Scrolled label={`${caption}, table`}>
        <table onCopy={copyExact}>
          <caption class="aside">{caption}</caption>
          <Head
            columns={columns}
            sort={sort}
            onSort={(column) => setSort(nextSort(sort, column))}
          />
          <Body {...{ table, columns, shown, timeZone }} onOpen={onOpen} />
        </table>
      </Scrolled>
      {chosen.length > most && (
        <LinkButton onClick={() => setMost(most + 10 * PAGE)}>
          show more of {chosen.length} rows
        </LinkButton>
      )}
    </section>
  );
}

function rowsText(count: number, { rows, more }: TableMessage): string {
  const all = more ? `${rows.length}+` : String(rows.length);
  if (count === rows.length) return count === 1 && !more ? "1 row" : `${all} rows`;
  return `${count} of ${all} rows`;
}

function Head(props: {
  readonly columns: readonly TableColumn[];
  readonly sort: Sort | undefined;
  readonly onSort: (column: TableColumn) => void;
}): VNode {
  const { columns, sort, onSort } = props;
  return (
    <thead>
      <tr>
        {columns.map((column) => {
          const direction = sort?.column === column.name ? sort.direction : undefined;
          return (
            <th
              key={column.name}
              scope="col"
              class={isNumeric(column) ? "number" : undefined}
              aria-sort={direction ?? "none"}
            >
              <button type="button" class="head" title={column.name} onClick={() => onSort(column)}>
                {column.label}
                <span aria-hidden="true" class="arrow">
                  {direction === undefined ? "" : direction === "ascending" ? "▲" : "▼"}
                </span>
              </button>
            </th>
          );
        })}
      </tr>
    </thead>
  );
}

interface BodyProps {
  readonly table: TableMessage;
  readonly columns: readonly TableColumn[];
  readonly shown: readonly Row[];
  readonly timeZone: string;
  readonly onOpen: ((row: Row) => void) | undefined;
}

function Body({ table, columns, shown, timeZone, onOpen }: BodyProps): VNode {
  const drawn = useMemo(
    () =>
      columns.map((column) => {
        const at = table.columns.indexOf(column);
        const cells = shown.map((row) => row[at] ?? null);
        const numbers = cells.map((cell) => Math.abs(numberOf(cell) ?? 0));
        const largest = column.bar ? Math.max(...numbers, 0) : 0;
        return {
          column,
          cells: shownCells(column, cells, timeZone),
          parts: largest > 0 ? numbers.map((number) => number / largest) : undefined,
        };
      }),
    [table, columns.length, shown, timeZone],
  );
  return (
    <tbody>
      {shown.map((row, line) => (
        <tr key={line}>
          {drawn.map(({ column, cells, parts }, at) => {
            const cell = cells[line];
            if (cell === undefined) return null;
            return (
              <DataCell
                key={column.name}
                {...{ column, cell }}
                part={parts?.[line]}
                onOpen={at === 0 && onOpen !== undefined ? () => onOpen(row) : undefined}
              />
            );
          })}
        </tr>
      ))}
    </tbody>
  );
}

function DataCell(props: {
  readonly column: TableColumn;
  readonly cell: ShownCell;
  readonly part: number | undefined;
  readonly onOpen: (() => void) | undefined;
}): VNode {
  const { column, cell, part, onOpen } = props;
  const isError = !cell.quiet && /^(?:errors|failures|tool_failures|rejections)$/.test(column.name);
  const classes = [
    isNumeric(column) ? "number" : "text",
    cell.quiet ? "quiet" : "",
    isError ? "bad" : "",
  ];
  return (
    <td class={classes.join(" ")} title={cell.exact} data-exact={cell.exact ?? cell.text}>
      {part !== undefined && (
        <span class="cell-bar" aria-hidden="true">
          <span style={{ width: `${(part * 100).toFixed(1)}%` }} />
        </span>
      )}
      {onOpen === undefined ? cell.text : <LinkButton onClick={onOpen}>{cell.text}</LinkButton>}
    </td>
  );
}

/** A selection within one cell is copied as its exact value. */
function copyExact(event: ClipboardEvent): void {
  const selection = document.getSelection();
  const cell = selection?.anchorNode?.parentElement?.closest("td");
  const other = selection?.focusNode?.parentElement?.closest("td");
  const exact = cell?.dataset["exact"];
  if (exact === undefined || cell !== other) return;
  event.clipboardData?.setData("text/plain", exact);
  event.preventDefault();
}
