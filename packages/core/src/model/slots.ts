import type { AttributeSlot } from "../otlp/sink.ts";
import type { Column } from "./column.ts";
import { tagColumns } from "./columns.ts";
import { keyLanes } from "./contexts.ts";
import { Lanes } from "./hash.ts";
import type { ColumnBuffer, TableBuffer } from "./table-buffer.ts";

/** What becomes of an attribute: a column of some kind, one of two special columns, or the rest. */
export type Route =
  | "rest"
  | "text"
  /** A text that goes to the rest, and to a column where the attribute of that column is missing. */
  | "label"
  | "int"
  | "money"
  | "bool"
  | "event_name"
  | "event_timestamp";

const tagNames: ReadonlySet<string> = new Set(tagColumns.map((column) => column.name));

/** Where an attribute key goes in one table, and the last text it held. */
export class Slot implements AttributeSlot {
  readonly key: string;
  readonly route: Route;
  readonly buffer: ColumnBuffer | undefined;
  /** Whether this is one of the tags of staged workflows. */
  readonly isTag: boolean;
  readonly keyLanes: Lanes;
  /** Hash of key, type and value of the attribute seen last. */
  readonly lanes: Lanes = new Lanes();
  version = 0;
  /** Dictionary code of the last text; for booleans 1 false, 2 true, 0 neither. */
  code = 0;
  /** Number the last text stands for (int, event_timestamp; money where nine decimals do not hold it); NaN if none. */
  number: number = Number.NaN;
  /** Integer the last text stands for where it is beyond 15 digits, and billionths of a USD. */
  wide: bigint | undefined;
  /** Whether the last text must be kept beside what it stands for, which does not give it back. */
  keepsText = false;
  /** Whether the last text was the event name api_request. */
  apiRequest = false;
  /** Record that last set this slot: a second attribute of that key goes to the rest. */
  record = 0;
  /** Resource for which `tagLanes` holds. */
  resource = 0;
  /** Hash of the resource's own custom attribute of this key, if it has one. */
  tagLanes: Lanes | undefined;

  constructor(key: string, route: Route, buffer: ColumnBuffer | undefined) {
    this.key = key;
    this.route = route;
    this.buffer = buffer;
    this.isTag = tagNames.has(key);

    this.keyLanes = keyLanes(key);
  }
}

/** The slots of one table, made as keys turn up. */
export class SlotTable {
  private readonly slots: Map<string, Slot> = new Map();
  private readonly limit: number;

  constructor(table: TableBuffer, limit = 20_000) {
    this.limit = limit;
    for (const buffer of table.columns) {
      const { attribute, kind } = buffer.column;
      if (attribute === undefined || kind === "time" || kind === "id" || kind === "double")
        continue;
      this.slots.set(attribute, new Slot(attribute, kind, buffer));
    }
    for (const [attribute, column, route] of specials) {
      const buffer = table.columns.find((each) => each.column.name === column);
      if (buffer !== undefined) this.slots.set(attribute, new Slot(attribute, route, buffer));
    }
    if (table.table.name === "metric_points") this.addLabels(table);
  }

  /** The slot of a key. A key beyond the limit gets a slot that is not kept, so memory stays bounded. */
  get(key: string): Slot {
    const known = this.slots.get(key);
    if (known !== undefined) return known;
    const slot = new Slot(key, "rest", undefined);
    if (this.slots.size < this.limit) this.slots.set(key, slot);
    return slot;
  }

  /** The slot behind what a decoder was given. */
  own(slot: AttributeSlot): Slot {
    return slot as Slot;
  }

  /** Makes every `repeatText` invalid: the dictionary it leaned on is gone. */
  forgetTexts(): void {
    for (const slot of this.slots.values()) slot.version++;
  }

  /** Prometheus knows no dots: what passed through it has session_id for session.id. */
  private addLabels(table: TableBuffer): void {
    for (const buffer of table.columns) {
      const label = labelOf(buffer.column);
      if (label === undefined || this.slots.has(label)) continue;
      this.slots.set(label, new Slot(label, "label", buffer));
    }
  }
}

/** The name an attribute has as a label of Prometheus; undefined where it is the same, or no text. */
export function labelOf({ attribute, kind }: Column): string | undefined {
  if (attribute === undefined || kind !== "text" || !attribute.includes(".")) return undefined;
  return attribute.replaceAll(".", "_");
}

const specials = [
  ["event.name", "event_name", "event_name"],
  ["event.timestamp", "event_lag_us", "event_timestamp"],
] as const satisfies readonly (readonly [string, string, Route])[];
