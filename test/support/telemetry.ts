/**
 * One export request with one `api_request` event, as a Collector writes it, without the newline.
 * Different numbers give different records.
 */
export function requestLine(number: number): string {
  const time = (1_790_000_000_000_000_000n + BigInt(number) * 1_000_000n).toString();
  const resource = { attributes: [attribute("service.name", "claude-code")] };
  const scope = { name: "com.anthropic.claude_code.events", version: "2.1.329" };
  const logRecord = {
    timeUnixNano: time,
    observedTimeUnixNano: time,
    body: { stringValue: "claude_code.api_request" },
    attributes: [
      attribute("event.name", "api_request"),
      attribute("session.id", "11111111-2222-4333-8444-555555555555"),
      attribute("model", "claude-opus-5-5"),
      attribute("request_id", `req_${number}`),
      { key: "input_tokens", value: { intValue: "1000" } },
      { key: "output_tokens", value: { intValue: "0" } },
      { key: "cost_usd", value: { doubleValue: 0.25 } },
    ],
  };
  return JSON.stringify({
    resourceLogs: [{ resource, scopeLogs: [{ scope, logRecords: [logRecord] }] }],
  });
}

function attribute(key: string, text: string): object {
  return { key, value: { stringValue: text } };
}
