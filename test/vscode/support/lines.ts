/** The content of a line made for a test; everything has a harmless value where none is given. */
export interface LineOptions {
  /** Number of the request: different numbers are different records. */
  readonly number: number;
  readonly session?: string;
  readonly time?: number;
  readonly costUsd?: number;
  readonly model?: string;
  readonly event?: string;
  /** Attributes of the record in addition to the usual ones. */
  readonly more?: Readonly<Record<string, string>>;
  /** Attributes of the resource. */
  readonly resource?: Readonly<Record<string, string>>;
}

/** One line with one event of 1000 tokens, as a Collector writes it. */
export function eventLine(options: LineOptions): string {
  const { number, time = Date.now(), costUsd = 0.25, event = "api_request" } = options;
  const nanos = (BigInt(time) * 1_000_000n + BigInt(number % 1_000_000)).toString();
  const attributes = [
    text("event.name", event),
    text("session.id", options.session ?? "11111111-2222-4333-8444-555555555555"),
    text("model", options.model ?? "claude-opus-5-5"),
    text("request_id", `req_${number}`),
    { key: "input_tokens", value: { intValue: "1000" } },
    { key: "output_tokens", value: { intValue: "0" } },
    { key: "cost_usd", value: { doubleValue: costUsd } },
    ...textsOf(options.more),
  ];
  const record = {
    timeUnixNano: nanos,
    observedTimeUnixNano: nanos,
    body: { stringValue: `claude_code.${event}` },
    attributes,
  };
  const scope = { name: "com.anthropic.claude_code.events", version: "2.1.329" };
  const resource = {
    attributes: [text("service.name", "claude-code"), ...textsOf(options.resource)],
  };
  const line = { resourceLogs: [{ resource, scopeLogs: [{ scope, logRecords: [record] }] }] };
  return `${JSON.stringify(line)}\n`;
}

function textsOf(texts: Readonly<Record<string, string>> = {}): readonly object[] {
  return Object.entries(texts).map(([key, value]) => text(key, value));
}

function text(key: string, stringValue: string): object {
  return { key, value: { stringValue } };
}
