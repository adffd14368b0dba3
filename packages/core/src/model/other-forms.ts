import { isObject } from "../otlp/read.ts";
import { textOrBytes } from "./byte-list.ts";

type Row = Readonly<Record<string, unknown>>;

/** What people keep that is no export request: what it is, and what to do. */
interface OtherForm {
  readonly name: string;
  readonly advice: string;
}

const FILE_EXPORTER =
  "let the Collector's file exporter write the telemetry, or send it to cctelemetry collect";

const plainJson: OtherForm = {
  name: "JSON without resourceLogs, resourceMetrics or resourceSpans",
  advice: `it is no telemetry of OpenTelemetry; ${FILE_EXPORTER}`,
};

const jsonForms: readonly (readonly [(row: Row) => boolean, OtherForm])[] = [
  [
    (row) => row["MESSAGE"] === null && ("__CURSOR" in row || "__REALTIME_TIMESTAMP" in row),
    {
      name: "a journal whose text was left out",
      advice: "journalctl -o json leaves out what is longer than 4 KB unless --all is given",
    },
  ],
  [
    (row) => row["messageType"] === "CONTROL_MESSAGE" && "logEvents" in row,
    { name: "a control message of CloudWatch", advice: "nothing of it is missing" },
  ],
  [
    (row) => {
      const [name, ...more] = Object.keys(row);
      const isAction = /^(?:index|create|update|delete)$/.test(name ?? "");
      return more.length === 0 && isAction && isObject(row[name ?? ""]);
    },
    { name: "an action of Elasticsearch's bulk format", advice: "nothing of it is missing" },
  ],
  [
    (row) =>
      Array.isArray(row["streams"]) ||
      (isObject(row["labels"]) && typeof row["line"] === "string") ||
      (isObject(row["stream"]) && Array.isArray(row["values"])),
    {
      name: "an export of Loki",
      advice: `it holds the text of the records without their attributes; ${FILE_EXPORTER}`,
    },
  ],
  [
    (row) => isObject(row["metric"]) || (isObject(row["data"]) && "resultType" in row["data"]),
    { name: "an export of Prometheus", advice: FILE_EXPORTER },
  ],
  [
    (row) => typeof row["sessionId"] === "string" && typeof row["type"] === "string",
    {
      name: "a transcript of Claude Code",
      advice: "it is no telemetry; cctelemetry init turns telemetry on",
    },
  ],
  [
    (row) => row["type"] === "result" && "total_cost_usd" in row,
    {
      name: "the result of claude -p",
      advice: "it is no telemetry; cctelemetry init turns telemetry on",
    },
  ],
  [
    (row) => typeof row["_index"] === "string" || typeof row["@timestamp"] === "string",
    {
      name: "a document of Elasticsearch",
      advice: `it names no event of Claude Code; ${FILE_EXPORTER}`,
    },
  ],
  [
    (row) => isObject(row["attributes"]) && ("body" in row || "resource" in row),
    {
      name: "a flattened record that names no event",
      advice: `event.name is missing; ${FILE_EXPORTER}`,
    },
  ],
];

/** What JSON is that holds no request, and what to do. */
export function nameJson(value: unknown): string {
  const row = isObject(value) ? value : undefined;
  const form = row && jsonForms.find(([is]) => is(row))?.[1];
  return sentence(form ?? plainJson);
}

const plainText: OtherForm = {
  name: "other text",
  advice: "what programs print beside telemetry",
};

const textLines: readonly (readonly [RegExp, OtherForm])[] = [
  [
    /^(?:.*\t(?:info|debug)\t)?\s*(?:->\s.*: (?:Str|Int|Double|Bool|Map|Slice|Bytes|Empty)\(|-> (?:Name|Description|Unit|DataType|IsMonotonic|AggregationTemporality): |(?:Resource(?:Log|Metrics|Spans|Log)s?|Scope(?:Logs|Metrics|Spans)|LogRecord|Metric|Span|(?:Number|Histogram)DataPoints) #\d+|Resource (?:SchemaURL|attributes):|ScopeLogs SchemaURL:|ScopeMetrics SchemaURL:|InstrumentationScope\b|(?:Observed|Start)?Timestamp: \d|Body: (?:Str|Map|Empty)\(|Attributes:$|Data point attributes:|Descriptor:$|Value: [\d.]|Severity(?:Text|Number):|(?:Trace|Span|Parent) ID\s*:|Flags: \d)/,
    {
      name: "text of the Collector's debug exporter",
      advice: `it is for people's eyes; ${FILE_EXPORTER}`,
    },
  ],
  [
    /^\s+(?:'[\w.@/-]+'|[A-Za-z_]\w*): |^\s*[}\]],?$|^\s*[{[]$/,
    {
      name: "text of a console exporter",
      advice: "set OTEL_LOGS_EXPORTER and OTEL_METRICS_EXPORTER to otlp, not to console",
    },
  ],
];

/** What a line of text is that is no JSON, and what to do. */
export function nameText(text: string): string {
  const line = text.trimEnd();
  return sentence(textLines.find(([is]) => is.test(line))?.[1] ?? plainText);
}

/** Members in which log drivers and loggers keep the text of a line. */
const textMembers: readonly string[] = ["log", "message", "MESSAGE", "msg", "textPayload"];

/** Whether a detail of a rejected line names what the line is, rather than what is wrong with it. */
export function isOtherForm(detail: string): boolean {
  return sentences.has(detail);
}

const sentences: ReadonlySet<string> = new Set(
  [...jsonForms, ...textLines]
    .map(([, form]) => form)
    .concat(plainJson, plainText)
    .map(sentence),
);

/** The text of a program's log line that was wrapped in JSON; undefined for other JSON. */
export function wrappedText(value: unknown): string | undefined {
  if (!isObject(value)) return undefined;
  const driver = ["stream", "time", "__REALTIME_TIMESTAMP", "kubernetes", "container_id"];
  if (!driver.some((name) => name in value)) return undefined;
  const texts = textMembers.map((name) => textOrBytes(value[name]));
  return texts.find((text) => text !== undefined);
}

function sentence({ name, advice }: OtherForm): string {
  return `${name}: ${advice}`;
}
