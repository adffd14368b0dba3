/** A variable whose name is nearly one that Claude Code reads. */
export interface Misspelt {
  readonly name: string;
  /** What was meant. */
  readonly meant: string;
}

/**
 * What a name was meant to be, where it is none that Claude Code or OpenTelemetry knows and yet near
 * to one: two letters wrong, left out, too many or swapped, or in other case, or a word missing, too
 * many or in another place. Undefined for names that are known, or far from all that are.
 */
export function meantBy(name: string): string | undefined {
  if (known.has(name) || others.test(name) || name.length < SHORTEST) return undefined;
  const upper = name.toUpperCase();
  if (known.has(upper)) return upper;
  if (!/^[A-Z0-9_]+$/.test(upper) || upper.length > LONGEST) return undefined;
  let nearest: string | undefined;
  let least = MOST_EDITS + 1;
  for (const each of readByClaude) {
    const edits = editDistance(upper, each, least);
    if (edits < least) [nearest, least] = [each, edits];
  }
  return nearest ?? byWords(upper);
}

const MOST_EDITS = 2;
const SHORTEST = 10;
const LONGEST = 80;
const SIGNALS = ["METRICS", "LOGS", "TRACES"] as const;

const ofSignal = (ending: string): readonly string[] => [
  `OTEL_EXPORTER_OTLP_${ending}`,
  ...SIGNALS.map((signal) => `OTEL_EXPORTER_OTLP_${signal}_${ending}`),
];

/** The names of variables about telemetry that Claude Code reads. */
const readByClaude: readonly string[] = [
  "CLAUDE_CODE_ENABLE_TELEMETRY",
  "CLAUDE_CODE_ENHANCED_TELEMETRY_BETA",
  "ENABLE_ENHANCED_TELEMETRY_BETA",
  ...SIGNALS.map((signal) => `OTEL_${signal}_EXPORTER`),
  ...["PROTOCOL", "ENDPOINT", "HEADERS", "CLIENT_KEY", "CLIENT_CERTIFICATE"].flatMap(ofSignal),
  "OTEL_EXPORTER_OTLP_CERTIFICATE",
  "OTEL_EXPORTER_OTLP_TIMEOUT",
  "OTEL_EXPORTER_OTLP_COMPRESSION",
  "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE",
  "OTEL_METRIC_EXPORT_INTERVAL",
  "OTEL_METRIC_EXPORT_TIMEOUT",
  "OTEL_LOGS_EXPORT_INTERVAL",
  "OTEL_TRACES_EXPORT_INTERVAL",
  ...["SESSION_ID", "VERSION", "ACCOUNT_UUID", "ENTRYPOINT", "REPOSITORY"].map(
    (what) => `OTEL_METRICS_INCLUDE_${what}`,
  ),
  "OTEL_METRICS_INCLUDE_RESOURCE_ATTRIBUTES",
  "OTEL_RESOURCE_ATTRIBUTES",
  "OTEL_SERVICE_NAME",
  "OTEL_LOG_USER_PROMPTS",
  "OTEL_LOG_ASSISTANT_RESPONSES",
  "OTEL_LOG_TOOL_DETAILS",
  "OTEL_LOG_TOOL_CONTENT",
  "OTEL_LOG_RAW_API_BODIES",
  "OTEL_LOG_MANAGED_SETTINGS",
  "CLAUDE_CODE_OTEL_CONTENT_MAX_LENGTH",
  "CLAUDE_CODE_OTEL_HEADERS_HELPER_DEBOUNCE_MS",
  "CLAUDE_CODE_OTEL_FLUSH_TIMEOUT_MS",
  "CLAUDE_CODE_OTEL_SHUTDOWN_TIMEOUT_MS",
  "CLAUDE_CODE_OTEL_DIAG_STDERR",
];

const known: ReadonlySet<string> = new Set(readByClaude);

/** Names that OpenTelemetry's programs know, and that are near to others: no mistakes. */
const others =
  /^OTEL_(SDK_DISABLED|LOG_LEVEL|PROPAGATORS|CONFIG_FILE|TRACES_SAMPLER(_ARG)?|METRICS_EXEMPLAR_FILTER|(BSP|BLRP)_\w+|(ATTRIBUTE|SPAN|EVENT|LINK|LOGRECORD)_\w*LIMIT|EXPORTER_(ZIPKIN|JAEGER|PROMETHEUS)_\w+|EXPORTER_OTLP_((METRICS|LOGS|TRACES)_)?(TIMEOUT|COMPRESSION|INSECURE|CERTIFICATE)|EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION|SEMCONV_\w+|(NODE|PYTHON|JAVA|GO|RUBY|PHP|DOTNET)_\w+)$/;

/** The one name with the same words, but for their order or for one that is missing or too many. */
function byWords(name: string): string | undefined {
  const words = name.split("_");
  if (words.length < 3) return undefined;
  const found = readByClaude.filter((each) => {
    const wanted = each.split("_");
    const missing = without(wanted, words).length;
    const surplus = without(words, wanted).length;
    return missing + surplus <= 1 && wanted.length >= 3;
  });
  return found.length === 1 ? found[0] : undefined;
}

/** The words of the one list that the other has not, each as often as it is. */
function without(words: readonly string[], taken: readonly string[]): readonly string[] {
  const rest = [...taken];
  return words.filter((word) => {
    const at = rest.indexOf(word);
    if (at >= 0) rest.splice(at, 1);
    return at < 0;
  });
}

/**
 * How many letters are to be changed, put in, left out or swapped with the next to make one text of
 * another; `most` where it is that many or more.
 */
function editDistance(one: string, other: string, most: number): number {
  if (Math.abs(one.length - other.length) >= most) return most;
  let before: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let row = 1; row <= one.length; row += 1) {
    const next = [row];
    for (let at = 1; at <= other.length; at += 1) {
      const isSame = one[row - 1] === other[at - 1];
      const isSwapped = one[row - 1] === other[at - 2] && one[row - 2] === other[at - 1];
      next[at] = Math.min(
        (last[at] ?? most) + 1,
        (next[at - 1] ?? most) + 1,
        (last[at - 1] ?? most) + (isSame ? 0 : 1),
        isSwapped ? (before[at - 2] ?? most) + 1 : most,
      );
    }
    if (Math.min(...next) >= most) return most;
    [before, last] = [last, next];
  }
  return Math.min(most, last[other.length] ?? most);
}
