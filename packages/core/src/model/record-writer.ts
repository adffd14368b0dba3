import { Buffer } from "node:buffer";
import { isAnotherProgram, type NamedKind, nameBeside } from "../otlp/event-names.ts";
import type {
  AttributeSlot,
  KeyValue,
  MetricDescription,
  MetricHandle,
  NanoTime,
  RecordKind,
  RecordSink,
  RecordText,
  ResourceDescription,
  ResourceHandle,
  ScopeDescription,
  ScopeHandle,
} from "../otlp/sink.ts";
import { AttributeWriter } from "./attribute-writer.ts";
import { Batch } from "./batch.ts";
import { MetricContext, ResourceContext, ScopeContext } from "./contexts.ts";
import { Lanes } from "./hash.ts";
import { type OwnTags, type StandIns, standInsOf } from "./own-tags.ts";
import { RecordTimes } from "./record-times.ts";
import type { TableState } from "./table-state.ts";
import { doubleWords, integerWords } from "./values.ts";

/** Seeds of the hashes of records, one a signal. */
const seeds: Readonly<Record<RecordKind, number>> = {
  api_request: 0x6c6f67,
  other_log: 0x6c6f67,
  point: 0x706f69,
  span: 0x737061,
};

/** Seeds of the hashes of the texts of a record. */
const textSeeds: Readonly<Record<RecordText, number>> = {
  body: 11,
  trace_id: 12,
  span_id: 13,
  parent_span_id: 14,
  trace_state: 15,
  span_name: 16,
  span_kind: 17,
  status_code: 18,
  status_message: 19,
  events: 20,
  links: 21,
  distribution: 22,
  other_fields: 23,
};

/**
 * Writes decoded records into the columns of a batch and hashes their whole
 * content on the way: resource, scope, every field, and the attributes as a set.
 */
export class RecordWriter implements RecordSink {
  readonly batch: Batch;
  private resources = 0;
  private resource: ResourceContext | undefined;
  private scope: ScopeContext | undefined;
  private state: TableState;
  private kind: RecordKind = "other_log";
  private row = 0;
  private bodyCode = 0;
  private fieldName: string | undefined;
  private scratch: Buffer = Buffer.allocUnsafe(1 << 16);
  private scratchEnd = 0;
  private readonly head: Lanes = new Lanes();
  private readonly lanes: Lanes = new Lanes();
  private readonly attributes: AttributeWriter;
  private readonly standIns: StandIns;
  private readonly times: RecordTimes;

  /** `ownTags` are the names of tags that stand for columns of workflows. */
  constructor(batch: Batch = new Batch(), ownTags: OwnTags = {}) {
    this.batch = batch;
    this.standIns = standInsOf(ownTags);
    this.state = batch.state("other_log");
    this.attributes = new AttributeWriter(batch.dictionary);
    this.times = new RecordTimes(batch.dictionary);
  }

  openResource(description: ResourceDescription): ResourceHandle {
    this.resources++;
    return new ResourceContext(this.resources, description, this.standIns);
  }

  openScope(description: ScopeDescription): ScopeHandle {
    return new ScopeContext(description);
  }

  openMetric(description: MetricDescription): MetricHandle {
    return new MetricContext(description);
  }

  beginEntry(resource: ResourceHandle): void {
    this.resource = resource as ResourceContext;
    this.batch.beginEntry(this.resource);
  }

  useScope(scope: ScopeHandle): void {
    this.scope = scope as ScopeContext;
    this.batch.useScope(this.scope);
  }

  aside(takeIn: () => void): void {
    const { batch, resource, scope } = this;
    const { entry } = batch;
    takeIn();
    this.resource = resource;
    this.scope = scope;
    batch.resumeEntry(entry);
  }

  beginMetric(): void {
    this.batch.beginMetric();
  }

  endMetric(metric: MetricHandle): void {
    this.batch.endMetric(metric as MetricContext);
  }

  abandonMetric(): void {
    this.batch.abandonMetric();
  }

  beginRecord(kind: RecordKind): void {
    this.kind = kind;
    this.state = this.batch.state(kind);
    this.row = this.state.begin();
    this.head.seed(seeds[kind]);
    this.scratchEnd = 0;
    this.bodyCode = 0;
    this.fieldName = undefined;
    this.attributes.begin(this.state, this.row, this.resource);
    this.times.begin(this.state, this.row);
  }

  endRecord(): void {
    const { state, row, resource, scope, head } = this;
    if (resource === undefined || scope === undefined) throw new Error("record without entry");
    const sum = this.attributes.end();
    this.times.end(this.attributes.eventMicros);
    state.inherit(row, resource, scope, this.batch.dictionary);
    if (state.eventName !== undefined && state.eventName.codes[row] === 0) this.nameEvent(scope);
    state.derive(row, this.batch.dictionary);
    head.absorbLanes(resource.lanes).absorbLanes(scope.lanes).absorbLanes(sum).finish();
    if (this.kind === "point") {
      const series = this.lanes.seed(seeds.point).absorbLanes(resource.lanes);
      this.batch.endPoint(head, series.absorbLanes(scope.lanes).absorbLanes(sum));
    } else {
      state.end(head, this.batch.entry);
    }
  }

  abandonRecord(): void {
    this.state.abandon();
  }

  kindByAttribute(): NamedKind | undefined {
    return this.attributes.kindByName;
  }

  isAnothers(): boolean {
    const { scope, resource } = this;
    return isAnotherProgram(scope?.description.name ?? "", resource?.text("service.name") ?? "");
  }

  eventName(name: string): void {
    this.fieldName = name;
  }

  slot(key: string): AttributeSlot {
    return this.state.slots.get(key);
  }

  attribute({ key, value }: KeyValue): void {
    const slot = this.state.slots.get(key);
    if (value.kind !== "text") {
      this.attributes.value(slot, value);
      return;
    }
    const start = this.toScratch(value.text);
    this.attributes.text(slot, this.scratch, start, this.scratchEnd);
  }

  textAttribute(slot: AttributeSlot, bytes: Uint8Array, start: number, end: number): void {
    this.attributes.text(this.state.slots.own(slot), bytes, start, end);
  }

  repeatText(slot: AttributeSlot, bytes: Uint8Array, start: number, end: number): void {
    this.attributes.repeat(this.state.slots.own(slot), bytes, start, end);
  }

  integerAttribute(slot: AttributeSlot, value: number): void {
    this.attributes.integer(this.state.slots.own(slot), value);
  }

  doubleAttribute(slot: AttributeSlot, value: number): void {
    this.attributes.double(this.state.slots.own(slot), value);
  }

  boolAttribute(slot: AttributeSlot, value: boolean): void {
    this.attributes.bool(this.state.slots.own(slot), value);
  }

  time(time: NanoTime): void {
    this.head.absorb(time.low, time.high, time.nanos, 1);
    this.times.time(time);
  }

  observedTime(time: NanoTime): void {
    this.head.absorb(time.low, time.high, time.nanos, 2);
    this.times.another("observed", time);
  }

  startTime(time: NanoTime): void {
    this.head.absorb(time.low, time.high, time.nanos, 3);
    this.times.another("start", time);
  }

  endTime(time: NanoTime): void {
    this.head.absorb(time.low, time.high, time.nanos, 4);
    this.times.another("end", time);
  }

  text(field: RecordText, value: string): void {
    const start = this.toScratch(value);
    this.textBytes(field, this.scratch, start, this.scratchEnd);
  }

  textBytes(field: RecordText, bytes: Uint8Array, start: number, end: number): void {
    const lanes = this.lanes.seed(textSeeds[field]).absorbBytes(bytes, start, end).finish();
    this.head.absorbLanes(lanes);
    const code = this.batch.dictionary.intern(lanes, bytes, start, end);
    this.state.texts[field]?.setCode(this.row, code);
    if (field === "body") this.bodyCode = code;
  }

  doubleValue(value: number): void {
    const [low, high] = doubleWords(value);
    this.head.absorb(low, high, 0, 5);
    this.state.value?.setDouble(this.row, value);
  }

  integerValue(value: bigint): void {
    const [low, high] = integerWords(value);
    this.head.absorb(low, high, 0, 6);
    this.state.valueInt?.setWords(this.row, low, high);
    this.state.value?.setDouble(this.row, Number(value));
  }

  /** Puts a text behind what this record put there before, so that earlier ranges stay valid. */
  private toScratch(text: string): number {
    const start = this.scratchEnd;
    const needed = start + text.length * 3;
    if (needed > this.scratch.length) this.scratch = Buffer.allocUnsafe(needed * 2);
    this.scratchEnd = start + this.scratch.write(text, start);
    return start;
  }

  /** An event without the attribute event.name is named by its body or by the field eventName. */
  private nameEvent(scope: ScopeContext): void {
    const { dictionary } = this.batch;
    const body = this.bodyCode === 0 ? "" : dictionary.text(this.bodyCode);
    const name = nameBeside(this.fieldName, body, scope.description.name);
    if (name === undefined) return;
    const start = this.toScratch(name);
    const lanes = this.lanes.seed(31).absorbBytes(this.scratch, start, this.scratchEnd).finish();
    this.state.eventName?.setCode(
      this.row,
      dictionary.internText(lanes, () => name),
    );
  }
}
