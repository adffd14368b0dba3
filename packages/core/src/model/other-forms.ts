import { isObject } from "../otlp/json/read.ts";
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

/** What query and report write. */
const ownExport: OtherForm = {
  name: "an export of cctelemetry",
  advice: "import the telemetry files it came from; cctelemetry status lists them",
};

/** Columns that nobody else writes. */
const ownColumns = ["canonical_model", "unpriced_requests", "unattributed_share"];

const jsonForms: readonly (readonly [(row: Row) => boolean, OtherForm])[] = [
  [isOwnExport, ownExport],
  [
    (row) => row["MESSAGE"] === null && ("__CURSOR" in row || "__REALTIME_TIMESTAMP" in row),
    {
      name: "a journal whose text was left out",
      advice: "journalctl -o json leaves out what is longer than 4 KB unless --all is given",
    },
  ],
  [
    (row) =>
      typeof row["otelcol.component.id"] === "string" || typeof row["otelcol.signal"] === "string",
    { name: "a Collector's log of its own work", advice: "nothing of it is missing" },
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
      (isObject(row["data"]) && row["data"]["resultType"] === "streams") ||
      (typeof row["line"] === "string" && (isObject(row["labels"]) || isObject(row["fields"]))) ||
      (isObject(row["stream"]) && Array.isArray(row["values"])),
    {
      name: "an export of Loki",
      advice: `it holds the text of records without their attributes; ${FILE_EXPORTER}`,
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

/** Whether a row is one that query or report has written. */
export function isOwnExport(row: Row): boolean {
  return (
    ownColumns.some((name) => name in row) || ("attribution" in row && "model_expected" in row)
  );
}

/** What JSON is that holds no request, a list as its first element, and what to do. */
export function nameJson(value: unknown): string {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  const row = isObject(first) ? first : undefined;
  const form = row && jsonForms.find(([is]) => is(row))?.[1];
  return sentence(form ?? plainJson);
}

/** What programs put in front of a line: a colour, a name, a time, the head of a syslog line. */
const LINE_PREFIX =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escapes that colour a terminal.
  /^(?:\x1b\[[0-9;]*m|\[(?!\d+\])[^\]\s]{1,200}\]\s+|[\w./-]{1,200}\s{1,40}\|\s|(?:<\d{1,3}>1 )?\d{4}-\d\d-\d\d[T ][\d:.,]{5,20}(?:Z|[+-]\d\d:?\d\d)?\s(?:std(?:out|err) [PF] )?(?:\S{1,99} [\w.@/-]{1,99}\[\d+\]: )?|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \S{1,99} [\w.@/-]{1,99}(?:\[\d+\])?: )+/;
/** Enough of a line to know it by, characters. */
const LOOK = 4096;

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
    /^\[\d+\] \S+: \[\[?\d{9,}\.\d+, /,
    {
      name: "text of Fluent Bit's stdout output",
      advice: `it is for people's eyes; ${FILE_EXPORTER}`,
    },
  ],
  [
    /^(?=(?:.*,)?(?:canonical_model|unpriced_requests|unattributed_share|attribution)(?:,|$))[\w,]+$/,
    ownExport,
  ],
  [
    /^(?:[^\s,"{][^,"]*|"(?:[^"]|"")*")?(?:,(?:[^\s,"{[][^,"]*|"(?:[^"]|"")*")?){3,}$/,
    { name: "CSV without a request in a cell", advice: FILE_EXPORTER },
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
  return sentence(formOfText(text) ?? plainText);
}

/** Whether a line of text is of a form that is known. */
export function isNamedText(text: string): boolean {
  return formOfText(text) !== undefined;
}

function formOfText(text: string): OtherForm | undefined {
  const line = text.slice(0, LOOK).trimEnd();
  const behind = line.replace(LINE_PREFIX, "");
  return textLines.find(([is]) => is.test(line) || is.test(behind))?.[1];
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
