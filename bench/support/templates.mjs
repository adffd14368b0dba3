// Takes the shape of what is generated from recorded telemetry: attributes, their order and types.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/**
 * @typedef {{ key: string, value: Record<string, unknown> }} Attribute
 * @typedef {{ attributes: Attribute[], [field: string]: unknown }} Recorded A log record or a data point.
 * @typedef {{ name: string, sum: { dataPoints: Recorded[] }, [field: string]: unknown }} Metric
 * @typedef {Readonly<Record<string, string | number>>} Values What goes into the holes, by name.
 * @typedef {(values: Values) => string} Template Gives JSON text.
 */

const recordings = ["L-workflow", "L-tmux", "L-json-sub"];

/** Attributes of every record of a process: they come first, before those of the event or series. */
const processAttributes = [
  "workflow_id",
  "stage",
  "task_id",
  "agent",
  "user.id",
  "session.id",
  "terminal.type",
];

/** What differs from record to record; the other attributes keep the recorded value. */
const recordAttributes = [
  ...["event.timestamp", "event.sequence", "prompt.id", "message.uuid", "request_id"],
  ...["tool_use_id", "tool_name", "permission_mode", "model", "final_model", "query_source"],
  ...["agent.name", "agent_type", "agent_id", "input_tokens", "output_tokens"],
  ...["cache_read_tokens", "cache_creation_tokens", "cache_creation_5m_tokens"],
  ...["cost_usd", "cost_usd_micros", "duration_ms", "ttft_ms", "prompt_length"],
  ...["response_length", "tool_input_size_bytes", "tool_result_size_bytes", "total_tokens"],
  ...["total_tool_uses", "pre_tokens", "post_tokens", "attempt", "total_attempts"],
  ...["total_retry_duration_ms", "plugin.name", "plugin_id_hash", "type", "start_type"],
];

/**
 * Templates of everything a process exports. `log` and `point` are found by the name of the event
 * or metric and the names of attributes that the record must have, e.g. "api_request+agent_id".
 */
export function loadTemplates() {
  const lines = recordings.flatMap(readLines);
  const logsLine = lines.find((line) => line.resourceLogs !== undefined);
  const metricsLine = lines.find((line) => line.resourceMetrics !== undefined);
  const records = lines.flatMap(recordsOf);
  const metrics = lines.flatMap(metricsOf);
  const anyRecord = found(records[0], "a log record");
  return {
    resource: compile(holes(resourceOf(found(logsLine, "a line of logs")), processAttributes)),
    process: withoutBrackets(compile(processPart(anyRecord))),
    logsLine: compile(withRecords(found(logsLine, "a line of logs"))),
    metricsLine: compile(withMetrics(found(metricsLine, "a line of metrics"))),
    stages: stagesOf(lines),
    plugins: pluginsOf(records),
    log: (/** @type {string} */ kind) => {
      const [event, ...required] = kind.split("+");
      const fits = records.filter((each) => textOf(each, "event.name") === event);
      return recordTemplate(choose(fits, required, kind), "event.name");
    },
    metric: (/** @type {string} */ name) => {
      const metric = found(
        metrics.find((each) => each.name === name),
        name,
      );
      return compile({ ...metric, sum: { ...metric.sum, dataPoints: ["%#points%"] } });
    },
    point: (/** @type {string} */ kind) => {
      const [name, ...required] = kind.split("+");
      const fits = metrics.filter((each) => each.name === name).flatMap((m) => m.sum.dataPoints);
      return recordTemplate(choose(fits, required, kind), undefined);
    },
  };
}

/** @typedef {ReturnType<typeof loadTemplates>} Templates */

/** @returns {any[]} */
function readLines(/** @type {string} */ name) {
  const path = fileURLToPath(new URL(`../../fixtures/telemetry/${name}.jsonl`, import.meta.url));
  return readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}

/** @returns {Recorded[]} */
function recordsOf(/** @type {any} */ line) {
  return (line.resourceLogs ?? []).flatMap((/** @type {any} */ resource) =>
    resource.scopeLogs.flatMap((/** @type {any} */ scope) => scope.logRecords),
  );
}

/** @returns {Metric[]} */
function metricsOf(/** @type {any} */ line) {
  return (line.resourceMetrics ?? []).flatMap((/** @type {any} */ resource) =>
    resource.scopeMetrics.flatMap((/** @type {any} */ scope) => scope.metrics),
  );
}

/** @returns {Recorded} */
function resourceOf(/** @type {any} */ line) {
  return (line.resourceLogs ?? line.resourceMetrics)[0].resource;
}

/** Stages with their agents, as the recorded workflow went through them. */
function stagesOf(/** @type {any[]} */ lines) {
  /** @type {Map<string, string>} */
  const agents = new Map();
  for (const line of lines) {
    const resource = resourceOf(line);
    agents.set(textOf(resource, "stage"), textOf(resource, "agent"));
  }
  return [...agents].map(([stage, agent]) => ({ stage, agent }));
}

/** Names and hashes of the plugins that every process loads. */
function pluginsOf(/** @type {Recorded[]} */ records) {
  const loaded = records.filter((record) => textOf(record, "event.name") === "plugin_loaded");
  return loaded.slice(0, 3).map((record) => ({
    "plugin.name": textOf(record, "plugin.name"),
    plugin_id_hash: textOf(record, "plugin_id_hash"),
  }));
}

/** The first with the required attributes; one about an agent or an error only if that is required. */
function choose(
  /** @type {Recorded[]} */ records,
  /** @type {string[]} */ required,
  /** @type {string} */ kind,
) {
  const ofAgent = required.some((it) => it.startsWith("agent")) ? [] : ["agent_id", "agent.name"];
  const unwanted = required.includes("error_type") ? ofAgent : [...ofAgent, "error_type"];
  const fits = records.find((record) => {
    const names = record.attributes.map(({ key }) => key);
    return required.every((it) => names.includes(it)) && !unwanted.some((it) => names.includes(it));
  });
  return found(fits, kind);
}

/** The part of the attribute list that all records of a process share. */
function processPart(/** @type {Recorded} */ record) {
  const names = record.attributes.map(({ key }) => key);
  const attributes = record.attributes.slice(0, names.indexOf("event.name"));
  return holes({ attributes }, processAttributes).attributes;
}

/** A record whose process attributes are one hole and whose own attributes and times are others. */
function recordTemplate(
  /** @type {Recorded} */ record,
  /** @type {string | undefined} */ firstOwn,
) {
  const names = record.attributes.map(({ key }) => key);
  const from =
    firstOwn === undefined ? names.indexOf("terminal.type") + 1 : names.indexOf(firstOwn);
  const own = holes({ attributes: record.attributes.slice(from) }, recordAttributes).attributes;
  const times = Object.fromEntries(
    ["startTimeUnixNano", "timeUnixNano", "observedTimeUnixNano"]
      .filter((name) => name in record)
      .map((name) => [name, name === "startTimeUnixNano" ? "%=start%" : "%=time%"]),
  );
  const value = "asDouble" in record ? { asDouble: "%#value%" } : {};
  const process = /** @type {Attribute} */ (/** @type {unknown} */ ("%#process%"));
  return compile({ ...record, attributes: [process, ...own], ...times, ...value });
}

/**
 * Puts a hole in the place of each named attribute's value.
 *
 * @param {Recorded} record
 * @param {readonly string[]} names
 * @returns {Recorded}
 */
function holes(record, names) {
  const attributes = record.attributes.map(({ key, value }) => {
    const [kind, recorded] = Object.entries(value)[0] ?? [];
    if (kind === undefined || !names.includes(key)) return { key, value };
    return { key, value: { [kind]: typeof recorded === "string" ? `%=${key}%` : `%#${key}%` } };
  });
  return { ...record, attributes };
}

function withRecords(/** @type {any} */ line) {
  const [first] = line.resourceLogs;
  const [scope] = first.scopeLogs;
  const scopeLogs = [{ ...scope, logRecords: ["%#records%"] }];
  return { resourceLogs: [{ ...first, resource: "%#resource%", scopeLogs }] };
}

function withMetrics(/** @type {any} */ line) {
  const [first] = line.resourceMetrics;
  const [scope] = first.scopeMetrics;
  const scopeMetrics = [{ ...scope, metrics: ["%#metrics%"] }];
  return { resourceMetrics: [{ ...first, resource: "%#resource%", scopeMetrics }] };
}

/**
 * JSON text with holes: `%=name%` within a string, `"%#name%"` for a value as it is.
 *
 * @param {unknown} shape
 * @returns {Template}
 */
function compile(shape) {
  const pieces = JSON.stringify(shape).split(/"%#([^%]+)%"|%=([^%]+)%/);
  const first = pieces[0] ?? "";
  /** @type {{ name: string, after: string }[]} */
  const rest = [];
  for (let i = 1; i < pieces.length; i += 3) {
    rest.push({ name: pieces[i] ?? pieces[i + 1] ?? "", after: pieces[i + 2] ?? "" });
  }
  return (values) => {
    let text = first;
    for (const { name, after } of rest) text += found(values[name], name) + after;
    return text;
  };
}

/** @returns {Template} */
function withoutBrackets(/** @type {Template} */ template) {
  return (values) => template(values).slice(1, -1);
}

function textOf(/** @type {Recorded} */ record, /** @type {string} */ key) {
  const value = record.attributes.find((attribute) => attribute.key === key)?.value;
  return String(value?.["stringValue"] ?? "");
}

/**
 * @template T
 * @param {T | undefined} value
 * @param {string} what
 * @returns {T}
 */
function found(value, what) {
  if (value === undefined) throw new Error(`not in the recordings or not given: ${what}`);
  return value;
}
