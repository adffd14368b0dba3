import type { RecordKind } from "../otlp/sink.ts";
import { type RecordTableName, recordTables } from "./columns.ts";
import type { MetricContext, ResourceContext, ScopeContext } from "./contexts.ts";
import { Dictionary } from "./dictionary.ts";
import { Lanes } from "./hash.ts";
import { Occurrences } from "./occurrences.ts";
import { PointCounting } from "./point-counting.ts";
import { type ColumnBuffer, INITIAL_ROWS } from "./table-buffer.ts";
import { TableState } from "./table-state.ts";
import { hashString } from "./values.ts";

const SEED_SERIES = 0x73657269;
const SEED_OTHER = 0x6f746865;

const tableOf: Readonly<Record<RecordKind, RecordTableName>> = {
  api_request: "api_request_logs",
  other_log: "other_logs",
  point: "metric_points",
  span: "spans",
};

/** Counts of what a batch holds or dropped. */
export interface BatchCounts {
  readonly logs: number;
  readonly points: number;
  readonly spans: number;
}

/** A column that a metric fills, and the code it gives. */
interface MetricFill {
  readonly column: ColumnBuffer;
  readonly code: number;
}

/** The resources and scopes that rows of a batch name. */
export interface BatchContexts {
  readonly resources: readonly ResourceContext[];
  readonly scopes: readonly ScopeContext[];
}

/**
 * Records on their way to the store: rows of the record tables, the dictionary
 * of their texts, and the resources and scopes they name. Rows become part of
 * the batch when their line is committed; until then they can be taken back.
 */
export class Batch {
  readonly dictionary: Dictionary = new Dictionary();
  /** Serial number of the resource entry being read; equal records are numbered within it. */
  entry = 0;
  private entries = 0;
  /** Records dropped because the batch held them already, since the last reset. */
  duplicates = 0;
  private readonly states: Readonly<Record<RecordTableName, TableState>>;
  private readonly all: readonly TableState[];
  private readonly occurrences: Occurrences = new Occurrences();
  private readonly counting: PointCounting;
  private readonly content: Lanes = new Lanes();
  private readonly resources: Map<string, ResourceContext> = new Map();
  private readonly scopes: Map<string, ScopeContext> = new Map();
  private readonly metrics: Map<MetricContext, readonly MetricFill[]> = new Map();
  private readonly newResources: string[] = [];
  private readonly newScopes: string[] = [];
  private metricStart = 0;
  private series: Int32Array = new Int32Array(4096);

  /** `rows`: for how many each table has room at first. */
  constructor(rows: number = INITIAL_ROWS) {
    this.states = {
      api_request_logs: new TableState(recordTables.api_request_logs, rows),
      other_logs: new TableState(recordTables.other_logs, rows),
      metric_points: new TableState(recordTables.metric_points, rows),
      spans: new TableState(recordTables.spans, rows),
    };
    this.all = Object.values(this.states);
    this.counting = new PointCounting(this.states.metric_points.buffer, this.dictionary);
  }

  /** The table a kind of record goes to. */
  state(kind: RecordKind): TableState {
    return this.states[tableOf[kind]];
  }

  /** All tables. */
  tables(): readonly TableState[] {
    return this.all;
  }

  /** Number of rows in all tables. */
  get rows(): number {
    let rows = 0;
    for (const state of this.all) rows += state.buffer.rows;
    return rows;
  }

  /** Rows by signal. */
  counts(): BatchCounts {
    const { api_request_logs, other_logs, metric_points, spans } = this.states;
    return {
      logs: api_request_logs.buffer.rows + other_logs.buffer.rows,
      points: metric_points.buffer.rows,
      spans: spans.buffer.rows,
    };
  }

  /** Begins a resource entry. */
  beginEntry(resource: ResourceContext): void {
    this.entry = ++this.entries;
    if (this.resources.has(resource.id)) return;
    this.resources.set(resource.id, resource);
    this.newResources.push(resource.id);
  }

  /** Continues an entry after other entries were read in the middle of it. */
  resumeEntry(entry: number): void {
    this.entry = entry;
  }

  /** Sets the scope of the records that follow. */
  useScope(scope: ScopeContext): void {
    if (this.scopes.has(scope.id)) return;
    this.scopes.set(scope.id, scope);
    this.newScopes.push(scope.id);
  }

  /** Begins the points of a metric. */
  beginMetric(): void {
    this.metricStart = this.states.metric_points.buffer.rows;
  }

  /** Takes back the points since `beginMetric`. */
  abandonMetric(): void {
    this.states.metric_points.buffer.rollback(this.metricStart);
  }

  /** Ends a point whose metric is not known yet. */
  endPoint(content: Lanes, series: Lanes): void {
    const at = (this.states.metric_points.buffer.rows - this.metricStart) * 4;
    if (at + 4 > this.series.length) {
      const larger = new Int32Array(this.series.length * 2);
      larger.set(this.series);
      this.series = larger;
    }
    this.series[at] = series.a;
    this.series[at + 1] = series.b;
    this.series[at + 2] = series.c;
    this.series[at + 3] = series.d;
    this.states.metric_points.end(content, this.entry);
  }

  /** Copies the fields of the metric to its points, those since `beginMetric`. */
  endMetric(metric: MetricContext): void {
    const { buffer, id } = this.states.metric_points;
    const fills = this.metricFills(metric);
    const { temporality, other } = metric.description;
    const lanes = this.content;
    this.counting.fill(metric, this.metricStart, buffer.rows);
    for (let row = this.metricStart; row < buffer.rows; row++) {
      for (const { column, code } of fills) column.setCode(row, code);
      id.readLanes(row, lanes);
      id.writeLanes(row, lanes.absorbLanes(metric.lanes).finish());
      if (temporality !== "delta") this.setSeries(row, metric);
      if (other !== undefined) this.addOther(row, other);
    }
  }

  /** Makes the rows of the line just read part of the batch and drops those it held already. */
  commit(): void {
    const number = (content: Lanes, entry: number): number =>
      this.occurrences.count(content, entry);
    for (const state of this.all) {
      if (state.buffer.rows > state.firstUncommitted) {
        this.duplicates += state.commit(this.content, number);
      }
    }
    this.newResources.length = 0;
    this.newScopes.length = 0;
  }

  /** Takes back the rows of the line being read, with the resources and scopes it was the first to name. */
  rollback(): void {
    for (const state of this.all) state.rollback();
    for (const id of this.newResources.splice(0)) this.resources.delete(id);
    for (const id of this.newScopes.splice(0)) this.scopes.delete(id);
  }

  /** The resources and scopes that the rows name. */
  contexts(): BatchContexts {
    return { resources: [...this.resources.values()], scopes: [...this.scopes.values()] };
  }

  /** Forgets everything that was committed; an entry that is still being read goes on. */
  reset(): void {
    for (const state of this.all) state.reset();
    this.dictionary.clear();
    this.occurrences.clear(this.entry);
    this.resources.clear();
    this.metrics.clear();
    this.scopes.clear();
    this.duplicates = 0;
  }

  /** Forgets everything, for what was committed will be read again. */
  discard(): void {
    this.rollback();
    this.entry = ++this.entries;
    this.reset();
  }

  private metricFills(metric: MetricContext): readonly MetricFill[] {
    const known = this.metrics.get(metric);
    if (known !== undefined) return known;
    const { buffer } = this.states.metric_points;
    const { name, description, unit, dataType, temporality, monotonic } = metric.description;
    const texts = [
      ["metric_name", name],
      ["metric_description", description],
      ["metric_unit", unit],
      ["data_type", dataType],
      ["temporality", temporality],
      ["canonical_metric", metric.canonicalName],
    ] as const;
    const fills = texts.flatMap(([column, text], at) => {
      if (text === undefined || (text === "" && column !== "metric_name")) return [];
      const lanes = new Lanes().from(metric.lanes, at + 1).finish();
      const code = this.dictionary.internText(lanes, () => text);
      return [{ column: buffer.column(column), code }];
    });
    if (monotonic !== undefined) {
      fills.push({ column: buffer.column("is_monotonic"), code: monotonic ? 2 : 1 });
    }
    this.metrics.set(metric, fills);
    return fills;
  }

  /** Adds the further fields of a metric to one of its points. */
  private addOther(row: number, other: string): void {
    const column = this.states.metric_points.buffer.column("other_fields");
    const code = column.codes[row] as number;
    const own = code === 0 ? "{" : `${this.dictionary.text(code).slice(0, -1)},`;
    const text = `${own}"metric":${other}}`;
    column.setCode(
      row,
      this.dictionary.internText(hashString(SEED_OTHER, text), () => text),
    );
  }

  private setSeries(row: number, metric: MetricContext): void {
    const at = (row - this.metricStart) * 4;
    const lanes = new Lanes().seed(SEED_SERIES).absorbLanes(metric.lanes);
    lanes.absorb(
      this.series[at] as number,
      this.series[at + 1] as number,
      this.series[at + 2] as number,
      this.series[at + 3] as number,
    );
    const text = lanes.finish().toHex();
    const code = this.dictionary.internText(lanes, () => text);
    this.states.metric_points.buffer.column("series_id").setCode(row, code);
  }
}
