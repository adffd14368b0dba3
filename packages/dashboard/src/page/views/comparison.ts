import type { Cell, TableColumn, TableMessage } from "../../host/protocol.ts";
import { costOfRow, readerOf } from "../data/rows.ts";

/** The stages of two workflows beside each other, with what the second cost more. */
export function comparison(
  first: TableMessage,
  second: TableMessage,
  firstName: string,
  secondName: string,
): TableMessage {
  const left = costsOf(first);
  const right = costsOf(second);
  const stages = [...new Set([...left.keys(), ...right.keys()])];
  const rows = stages.map((stage): readonly Cell[] => {
    const [a, b] = [left.get(stage), right.get(stage)];
    return [
      stage,
      a?.cost ?? null,
      b?.cost ?? null,
      a?.cost === null || b?.cost === null ? null : (b?.cost ?? 0) - (a?.cost ?? 0),
      a?.tokens ?? null,
      b?.tokens ?? null,
      a?.seconds ?? null,
      b?.seconds ?? null,
    ];
  });
  const columns = [
    column("stage", "stage", "text", "VARCHAR"),
    column("first_cost_usd", firstName, "usd", "DOUBLE"),
    column("second_cost_usd", secondName, "usd", "DOUBLE"),
    column("cost_difference_usd", "difference", "usd", "DOUBLE"),
    column("first_tokens", `${firstName} tokens`, "tokens", "BIGINT"),
    column("second_tokens", `${secondName} tokens`, "tokens", "BIGINT"),
    column("first_seconds", `${firstName} took`, "seconds", "DOUBLE"),
    column("second_seconds", `${secondName} took`, "seconds", "DOUBLE"),
  ];
  return { kind: "table", id: 0, columns, rows, more: false, footer: null };
}

interface Costs {
  /** null if nothing has a price. */
  readonly cost: number | null;
  readonly tokens: number;
  readonly seconds: number;
}

function costsOf({ columns, rows }: TableMessage): ReadonlyMap<string, Costs> {
  const read = readerOf(columns);
  return new Map(
    rows.map((row) => [
      read.text(row, "stage"),
      {
        cost: costOfRow(read, row).usd ?? null,
        tokens: read.number(row, "total_tokens"),
        seconds: read.number(row, "wall_seconds"),
      },
    ]),
  );
}

function column(name: string, label: string, unit: string, type: string): TableColumn {
  const role = unit === "text" ? "dimension" : "measure";
  return { name, label, unit, type, role, bar: false, minor: false };
}
