import { quoted } from "../otlp/json/any-value.ts";
import type {
  KeyValue,
  MetricDescription,
  MetricHandle,
  ResourceDescription,
  ResourceHandle,
  ScopeDescription,
  ScopeHandle,
} from "../otlp/sink.ts";
import { recordTables } from "./columns.ts";
import { Lanes } from "./hash.ts";
import { type Counting, canonicalMetric, countingOf } from "./metric-forms.ts";
import type { StandIns } from "./own-tags.ts";
import { attributesAsJson, hashString, hashValue } from "./values.ts";

const SEED_RESOURCE = 0x7265736f;
const SEED_SCOPE = 0x73636f70;
const SEED_METRIC = 0x6d657472;
const SEED_KEY = 0x6b657973;
const encoder = new TextEncoder();

/**
 * Resource attributes that an SDK or a detector sets (semantic conventions);
 * every other one was set by the user in OTEL_RESOURCE_ATTRIBUTES: a tag.
 */
const standardPrefixes = ["service.", "host.", "os.", "telemetry.", "process.", "wsl."];

const inheritable: ReadonlyMap<string, string> = new Map(
  recordTables.other_logs.columns.flatMap((column) =>
    column.fromResource && column.attribute !== undefined ? [[column.attribute, column.name]] : [],
  ),
);

/** A text that a resource gives to a column of all its records. */
export interface InheritedText {
  readonly column: string;
  readonly text: string;
  readonly lanes: Lanes;
}

/** A resource as its records need it. */
export class ResourceContext implements ResourceHandle {
  readonly kind = "resource";
  /** Serial number, so that slots know for which resource they were prepared. */
  readonly serial: number;
  readonly lanes: Lanes;
  readonly id: string;
  readonly description: ResourceDescription;
  /** Custom attributes by key; the first of a key counts. */
  readonly tags: ReadonlyMap<string, KeyValue>;
  readonly tagLanes: ReadonlyMap<string, Lanes>;
  readonly tagsJson: string | undefined;
  /** Columns that serve where the record has no value of its own; of two of one column the first. */
  readonly inherited: readonly InheritedText[];
  /** Columns for which tags of other names stand in. */
  readonly standIns: StandIns;
  /** Columns that only the resource fills. */
  readonly own: readonly InheritedText[];

  constructor(serial: number, description: ResourceDescription, standIns: StandIns = []) {
    this.serial = serial;
    this.standIns = standIns;
    this.description = description;
    this.lanes = describedLanes(SEED_RESOURCE, description);
    this.id = this.lanes.toHex();
    this.tags = firstOfEach(
      description.attributes.filter(
        ({ key }) => !standardPrefixes.some((prefix) => key.startsWith(prefix)),
      ),
    );
    this.tagLanes = new Map(
      [...this.tags].map(([key, { value }]) => [key, hashValue(new Lanes(), keyLanes(key), value)]),
    );
    const tags = [...this.tags.values()];
    this.tagsJson = tags.length === 0 ? undefined : attributesAsJson(tags);
    this.inherited = [
      ...tags.flatMap((each) => inheritedText(each, inheritable.get(each.key))),
      ...standIns.flatMap(({ column, names }) => this.standIn(column, names).slice(0, 1)),
    ];
    this.own = [...firstOfEach(description.attributes).values()].flatMap((each) =>
      inheritedText(each, ownColumns.get(each.key)),
    );
  }

  /** What the tags of these names give to a column, in their order. */
  private standIn(column: string, names: readonly string[]): readonly InheritedText[] {
    return names.flatMap((name) => {
      const tag = this.tags.get(name);
      return tag === undefined ? [] : inheritedText(tag, column);
    });
  }

  /** Text of a resource attribute, if it is there and a string. */
  text(key: string): string | undefined {
    const found = this.description.attributes.find((each) => each.key === key);
    return found?.value.kind === "text" ? found.value.text : undefined;
  }
}

/** An instrumentation scope as its records need it. */
export class ScopeContext implements ScopeHandle {
  readonly kind = "scope";
  readonly lanes: Lanes;
  readonly id: string;
  readonly description: ScopeDescription;

  constructor(description: ScopeDescription) {
    this.description = description;
    this.lanes = describedLanes(SEED_SCOPE, description)
      .absorbLanes(hashString(1, description.name))
      .absorbLanes(hashString(2, description.version))
      .finish();
    this.id = this.lanes.toHex();
  }
}

/** A metric as its points need it. */
export class MetricContext implements MetricHandle {
  readonly kind = "metric";
  readonly lanes: Lanes;
  readonly description: MetricDescription;
  /** The name that Claude Code gives the metric; undefined for any other metric. */
  readonly canonicalName: string | undefined;
  /** How its points count; undefined where they do not. */
  readonly counting: Counting | undefined;

  constructor(description: MetricDescription) {
    this.description = description;
    this.canonicalName = canonicalMetric(description.name);
    this.counting = countingOf(description);
    const { name, unit, dataType, temporality, monotonic, other } = description;
    const parts = [name, description.description, unit, dataType, temporality, monotonic, other];
    this.lanes = hashString(SEED_METRIC, parts.map((part) => quoted(String(part ?? ""))).join());
  }
}

/** Hash of an attribute key, the start of the hash of the attribute. */
export function keyLanes(key: string): Lanes {
  const bytes = encoder.encode(key);
  return new Lanes().seed(SEED_KEY).absorbBytes(bytes, 0, bytes.length);
}

const ownColumns: ReadonlyMap<string, string> = new Map([
  ["service.name", "service_name"],
  ["service.version", "service_version"],
  ["host.name", "host_name"],
]);

function firstOfEach(attributes: readonly KeyValue[]): ReadonlyMap<string, KeyValue> {
  const first = new Map<string, KeyValue>();
  for (const each of attributes) if (!first.has(each.key)) first.set(each.key, each);
  return first;
}

/** Attributes are a set: their hashes are added, so their order does not matter. */
function describedLanes(seed: number, description: ResourceDescription): Lanes {
  const sum = new Lanes();
  const each = new Lanes();
  for (const { key, value } of description.attributes) {
    sum.add(hashValue(each, keyLanes(key), value));
  }
  return new Lanes()
    .seed(seed)
    .absorbLanes(sum)
    .absorbLanes(hashString(3, description.schemaUrl))
    .absorbLanes(hashString(4, description.other ?? ""))
    .finish();
}

function inheritedText(attribute: KeyValue, column: string | undefined): readonly InheritedText[] {
  if (column === undefined || attribute.value.kind !== "text" || attribute.value.text === "")
    return [];
  const { text } = attribute.value;
  return [
    { column, text, lanes: hashValue(new Lanes(), keyLanes(attribute.key), attribute.value) },
  ];
}
