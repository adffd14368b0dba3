// Lines with one request each, of now.

/**
 * A line with its line feed: the request of this number, of a session of the bench.
 *
 * @param {number} number
 */
export function liveLine(number) {
  const now = Date.now();
  const text = (/** @type {string} */ key, /** @type {string} */ value) => ({
    key,
    value: { stringValue: value },
  });
  const integer = (/** @type {string} */ key, /** @type {number} */ value) => ({
    key,
    value: { intValue: String(value) },
  });
  const logRecord = {
    timeUnixNano: `${now}000000`,
    observedTimeUnixNano: `${now}000000`,
    body: { stringValue: "claude_code.api_request" },
    attributes: [
      text("session.id", "5f0c7f4e-6f0f-4a53-9d0e-0a4d2b6f1c11"),
      text("event.name", "api_request"),
      text("event.timestamp", new Date(now).toISOString()),
      integer("event.sequence", number),
      text("model", "claude-opus-5-5"),
      integer("input_tokens", 12),
      integer("output_tokens", 340),
      integer("cache_read_tokens", 24_000),
      integer("cache_creation_tokens", 900),
      { key: "cost_usd", value: { doubleValue: 0.0231 } },
      integer("duration_ms", 5200),
      text("request_id", `req_bench_${number}`),
    ],
  };
  const resource = { attributes: [text("service.name", "claude-code")] };
  const scope = { name: "com.anthropic.claude_code.events", version: "2.1.329" };
  const scopeLogs = [{ scope, logRecords: [logRecord] }];
  return `${JSON.stringify({ resourceLogs: [{ resource, scopeLogs }] })}\n`;
}
