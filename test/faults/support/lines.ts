/** One telemetry line, with the records in it by which it is known again. */
export interface TelemetryLine {
  /** JSON without the newline, as the Collector writes it. */
  readonly text: string;
  /** `request_id` of each record, and the text that its attribute `note` must hold. */
  readonly records: ReadonlyMap<string, string>;
}

export interface LineWish {
  /** Custom resource attributes: ten of them make the first 1,300 bytes of all lines equal. */
  readonly resourceAttributes?: number;
  /** Records in the line; one by default. */
  readonly records?: number;
  /** Characters of each record's note; by default what {@link usualLength} says. */
  readonly noteLength?: number;
}

/** Multi-byte text, so that a cut may fall within a character. */
const syllables = ["tö", "ken-", "流れ", "é", "🙂", "ab", " ", "Ж"];

/** Every so many lines one is longer than the Collector's buffer of 4,096 bytes. */
const LONG_EVERY = 17;
const LONG = 6_000;

/** The line with this number; different numbers give different records. */
export function telemetryLine(number: number, wish: LineWish = {}): TelemetryLine {
  const records = new Map<string, string>();
  const logRecords: object[] = [];
  for (let index = 0; index < (wish.records ?? 1); index++) {
    const id = index === 0 ? `req_${number}` : `req_${number}_${index}`;
    const note = noteOf(number + index, wish.noteLength ?? usualLength(number));
    records.set(id, note);
    logRecords.push(requestRecord(number, index, id, note));
  }
  const resource = { attributes: resourceAttributes(wish.resourceAttributes ?? 0) };
  const scope = { name: "com.anthropic.claude_code.events", version: "2.1.329" };
  const text = JSON.stringify({
    resourceLogs: [{ resource, scopeLogs: [{ scope, logRecords }] }],
  });
  return { text, records };
}

function usualLength(number: number): number {
  return number % LONG_EVERY === LONG_EVERY - 1 ? LONG : 40 + ((number * 37) % 700);
}

function noteOf(number: number, length: number): string {
  const parts: string[] = [`${number}:`];
  for (let size = 0, at = number; size < length; at++) {
    const part = syllables[at % syllables.length] ?? "";
    parts.push(part);
    size += part.length;
  }
  return parts.join("");
}

/** USD: nothing, less and more than a dollar, and as much as a request may cost. */
const costs = [0.25, 0, 0.99, 1, 1.25, 999.99, 99_999.999999999, 100_000];

function requestRecord(number: number, index: number, id: string, note: string): object {
  const nanos = 1_790_000_000_000_000_000n + BigInt(number) * 1_000_000n + BigInt(index) * 1_000n;
  return {
    timeUnixNano: nanos.toString(),
    observedTimeUnixNano: nanos.toString(),
    body: { stringValue: "claude_code.api_request" },
    attributes: [
      text("event.name", "api_request"),
      text("session.id", "11111111-2222-4333-8444-555555555555"),
      text("model", "claude-opus-5-5"),
      text("request_id", id),
      text("note", note),
      { key: "input_tokens", value: { intValue: "1000" } },
      { key: "cost_usd", value: { doubleValue: costs[number % costs.length] } },
    ],
  };
}

function resourceAttributes(count: number): object[] {
  const custom = Array.from({ length: count }, (_, index) =>
    text(`custom.attribute.number.${index}`, `${index} of a workstation `.repeat(4)),
  );
  return [text("service.name", "claude-code"), ...custom];
}

function text(key: string, value: string): object {
  return { key, value: { stringValue: value } };
}
