// One process of Claude Code as its exporters see it: records wait for the next export of 5 or 60 s.

/**
 * @typedef {import("./random.mjs").Random} Random
 * @typedef {import("./templates.mjs").Templates} Templates
 * @typedef {import("./templates.mjs").Values} Values
 * @typedef {{ time: number, line: string }} Export One export request; time in milliseconds.
 * @typedef {{ workflow_id: string, stage: string, task_id: string, agent: string }} Tags
 * @typedef {{ attributes: Values, value: number }} Series
 * @typedef {{ series: Map<string, Series>, start: number }} Instrument
 */

/** The intervals of OTEL_LOGS_EXPORT_INTERVAL and OTEL_METRIC_EXPORT_INTERVAL by default, in ms. */
const LOGS_INTERVAL = 5_000;
const METRICS_INTERVAL = 60_000;

/** Metrics in the order in which an export lists them. */
const metricNames = [
  ...["session.count", "commit.count", "pull_request.count", "lines_of_code.count"],
  ...["cost.usage", "token.usage", "code_edit_tool.decision", "active_time.total"],
].map((name) => `claude_code.${name}`);

/** A process with its exporters. */
export class ClaudeProcess {
  /**
   * @param {Templates} templates
   * @param {{ tags: Tags, userId: string, sessionId: string, terminal: string }} identity
   * @param {number} start Milliseconds since 1970.
   */
  constructor(templates, { tags, userId, sessionId, terminal }, start) {
    const identity = {
      ...tags,
      "user.id": userId,
      "session.id": sessionId,
      "terminal.type": terminal,
    };
    this.templates = templates;
    this.resource = templates.resource(identity);
    this.process = templates.process(identity);
    this.sequence = 0;
    /** @type {string[]} */
    this.records = [];
    /** @type {Map<string, Instrument>} */
    this.instruments = new Map();
    this.nextLogs = start + LOGS_INTERVAL;
    this.nextMetrics = start + METRICS_INTERVAL;
  }

  /** Notes an event; kind as `Templates.log` takes it. */
  log(/** @type {string} */ kind, /** @type {number} */ time, /** @type {Values} */ values = {}) {
    this.records.push(
      logTemplate(
        this.templates,
        kind,
      )({
        ...values,
        process: this.process,
        time: nanos(time),
        "event.timestamp": new Date(Math.floor(time)).toISOString(),
        "event.sequence": this.sequence++,
      }),
    );
  }

  /** Adds to a series; kind as `Templates.point` takes it. */
  count(
    /** @type {string} */ kind,
    /** @type {number} */ time,
    /** @type {number} */ amount,
    /** @type {Values} */ attributes = {},
  ) {
    const name = kind.split("+", 1)[0] ?? kind;
    let instrument = this.instruments.get(name);
    if (instrument === undefined) {
      instrument = { series: new Map(), start: time };
      this.instruments.set(name, instrument);
    }
    const key = `${kind} ${Object.values(attributes).join(" ")}`;
    const series = instrument.series.get(key);
    if (series === undefined) instrument.series.set(key, { attributes, value: amount });
    else series.value += amount;
  }

  /**
   * The exports that are due up to a time.
   *
   * @returns {Generator<Export>}
   */
  *exportsUntil(/** @type {number} */ time) {
    while (Math.min(this.nextLogs, this.nextMetrics) <= time) {
      if (this.nextLogs <= this.nextMetrics) {
        yield* this.exportLogs(this.nextLogs);
        this.nextLogs += LOGS_INTERVAL;
      } else {
        yield* this.exportMetrics(this.nextMetrics);
        this.nextMetrics += METRICS_INTERVAL;
      }
    }
  }

  /**
   * What is left when the process ends.
   *
   * @returns {Generator<Export>}
   */
  *end(/** @type {number} */ time) {
    yield* this.exportsUntil(time);
    yield* this.exportMetrics(time);
    yield* this.exportLogs(time);
  }

  /** @returns {Generator<Export>} */
  *exportLogs(/** @type {number} */ time) {
    if (this.records.length === 0) return;
    const { resource } = this;
    const records = this.records.join(",");
    this.records = [];
    yield { time, line: this.templates.logsLine({ resource, records }) };
  }

  /** @returns {Generator<Export>} */
  *exportMetrics(/** @type {number} */ time) {
    const { resource } = this;
    const metrics = metricNames
      .map((name) => this.metricText(name, time))
      .filter((it) => it !== "");
    if (metrics.length === 0) return;
    yield { time, line: this.templates.metricsLine({ resource, metrics: metrics.join(",") }) };
  }

  /** One metric of an export, or nothing where it has no point; deltas start from zero. */
  metricText(/** @type {string} */ name, /** @type {number} */ time) {
    const instrument = this.instruments.get(name);
    if (instrument === undefined || instrument.series.size === 0) return "";
    const times = { process: this.process, start: nanos(instrument.start), time: nanos(time) };
    const points = [...instrument.series].map(([key, { attributes, value }]) =>
      pointTemplate(this.templates, key.split(" ", 1)[0] ?? "")({ ...attributes, ...times, value }),
    );
    instrument.series.clear();
    instrument.start = time;
    return metricTemplate(this.templates, name)({ points: points.join(",") });
  }
}

/** @typedef {import("./templates.mjs").Template} Template */

const logTemplate = remembered((templates, kind) => templates.log(kind));
const pointTemplate = remembered((templates, kind) => templates.point(kind));
const metricTemplate = remembered((templates, name) => templates.metric(name));

/** @param {(templates: Templates, kind: string) => Template} make */
function remembered(make) {
  /** @type {Map<string, Template>} */
  const made = new Map();
  return (/** @type {Templates} */ templates, /** @type {string} */ kind) => {
    const known = made.get(kind);
    if (known !== undefined) return known;
    const template = make(templates, kind);
    made.set(kind, template);
    return template;
  };
}

/** Milliseconds as Claude Code sends them: nanoseconds that end in zeros. */
function nanos(/** @type {number} */ milliseconds) {
  return `${Math.floor(milliseconds)}000000`;
}
