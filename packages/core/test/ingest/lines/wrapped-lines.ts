import { gzipSync } from "node:zlib";
import fc from "fast-check";

/** Ways in which people's files hold a line of telemetry, drawn for property tests. */

type Wrap = (json: string) => string;

const embed = (name: string): Wrap => {
  return (json) =>
    `{"ts":"2026-11-10T09:00:00Z","path":"/v1/logs",${JSON.stringify(name)}:${json}}`;
};
const quote = (name: string): Wrap => {
  return (json) => JSON.stringify({ time: 1_794_301_200, [name]: json, stream: "stdout" });
};

/** One level of an envelope around JSON. */
const envelope: fc.Arbitrary<Wrap> = fc.oneof(
  fc.constantFrom("payload", "body", "data", "event", "_source", "resourceless").map(embed),
  fc.constantFrom("log", "message", "MESSAGE", "_raw", "textPayload").map(quote),
  fc.constant<Wrap>((json) => (json.startsWith("[") ? `{"all":${json}}` : `[${json}]`)),
  fc.constant<Wrap>((json) => `{"records":[{"value":${json}},{"value":null}],"n":2}`),
  fc.constant<Wrap>((json) => JSON.stringify({ log: `2026-11-10 INFO ${json}\n`, stream: "a" })),
  fc.constant<Wrap>((json) => JSON.stringify(JSON.parse(`{"a":{"b":${json}}}`), null, 0)),
);

/** What stands in front of a line, or nothing. */
const prefix: fc.Arbitrary<string> = fc.constantFrom(
  "",
  "",
  "otel-collector-1  | ",
  "\u001b[36motel-1 |\u001b[0m ",
  "2026-11-10T09:00:01.123456789Z ",
  "2026-11-10T09:00:01.123456789Z stdout F ",
  "Nov 10 09:00:01 devbox otelcol[4242]: ",
  '<30>1 2026-11-10T09:00:01.123Z devbox otelcol 4242 - [a b="c"] ',
  "level=info msg=",
  "[pod/collector-0/otelcol] ",
);

/** How a line stands in a file: as one line, or as several that a log driver made of it. */
type Cut = (line: string, at: readonly number[]) => readonly string[];

const whole: Cut = (line) => [line];
const cri: Cut = (line, at) => {
  const pieces = piecesOf(line, at);
  return pieces.map((piece, index) => {
    const mark = index === pieces.length - 1 ? "F" : "P";
    return `2026-11-10T09:00:01.123456789Z stdout ${mark} ${piece}`;
  });
};
const docker: Cut = (line, at) =>
  piecesOf(`${line}\n`, at).map((log) => JSON.stringify({ log, stream: "stdout", time: "t" }));
const journal: Cut = (line, at) => {
  const pieces = piecesOf(line, at);
  return pieces.map((message, index) =>
    JSON.stringify({
      MESSAGE: message,
      CONTAINER_PARTIAL_MESSAGE: index === pieces.length - 1 ? undefined : "true",
      CONTAINER_PARTIAL_LAST: index === pieces.length - 1 ? "true" : undefined,
      CONTAINER_PARTIAL_ID: "7",
    }),
  );
};

/** The same where pieces end within a character, so that they are lists of bytes. */
const journalBytes: Cut = (line, at) => {
  const bytes = Buffer.from(line);
  const ends = [...new Set(at.map((part) => Math.floor(part * bytes.length)))].sort(
    (a, b) => a - b,
  );
  return [...ends, bytes.length].map((end, index) =>
    JSON.stringify({
      MESSAGE: [...bytes.subarray(ends[index - 1] ?? 0, end)],
      CONTAINER_PARTIAL_MESSAGE: index === ends.length ? undefined : "true",
      CONTAINER_PARTIAL_LAST: index === ends.length ? "true" : undefined,
      CONTAINER_PARTIAL_ID: "7",
    }),
  );
};

/** A buffer as Node.js writes it. */
const buffer: Cut = (line) => [JSON.stringify({ key: null, value: Buffer.from(line) })];

/** A shipper that keeps the mark of containerd, and one that keeps none. */
const tagged: Cut = (line, at) => {
  const pieces = piecesOf(line, at);
  return pieces.map((log, index) =>
    JSON.stringify({ stream: "stdout", logtag: index < pieces.length - 1 ? "P" : "F", log }),
  );
};
const unmarked: Cut = (line, at) =>
  piecesOf(line, at).map((message) => JSON.stringify({ "@timestamp": "t", message }));

/** Text that programs print between the lines of telemetry. */
const chatter: fc.Arbitrary<string> = fc.constantFrom(
  "",
  "Everything is ready. Begin running and processing data.",
  '2026-11-10T09:00:00.100Z\tinfo\tservice.go:222\tStarting\t{"resource": {"service.name": "x"}}',
  '{"log":"Starting otelcol...\\n","stream":"stderr","time":"t"}',
  "2026-11-10T09:00:01.123456789Z stderr F starting",
  "     -> session.id: Str(s-22)",
  "# exported by a script",
  '{"index":{"_index":"logs"}}',
);

/** How one line of telemetry is written down. */
export interface WrittenLine {
  readonly wraps: readonly Wrap[];
  readonly prefix: string;
  readonly cut: Cut;
  readonly at: readonly number[];
  readonly before: readonly string[];
  /** Lines of another writer among the parts. */
  readonly between: string;
}

export const writtenLine: fc.Arbitrary<WrittenLine> = fc.record({
  wraps: fc.array(envelope, { maxLength: 3 }),
  prefix,
  cut: fc.constantFrom(whole, whole, cri, docker, journal, journalBytes, buffer, tagged, unmarked),
  at: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 3 }),
  before: fc.array(chatter, { maxLength: 2 }),
  between: fc.constantFrom("", "", "2026-11-10T09:00:01.123456789Z stderr F starting"),
});

/** The lines of a file that hold some requests as they were drawn. */
export function written(
  requests: readonly string[],
  how: readonly WrittenLine[],
  after: string,
): string {
  const lines = requests.flatMap((json, index) => {
    const { wraps, prefix: front, cut, at, before, between } = how[index] as WrittenLine;
    const line = wraps.reduce((inner, wrap) => wrap(inner), json);
    const pieces = cut(cut === whole ? front + line : line, at);
    return [
      ...before,
      ...pieces.flatMap((piece, n) => (n > 0 && between ? [between, piece] : [piece])),
    ];
  });
  return [...lines, after].map((line) => `${line}\n`).join("");
}

/** The envelopes around each value of a line, and what stands between values and behind them. */
export interface GluedLine {
  readonly wraps: readonly (readonly Wrap[])[];
  readonly between: string;
  readonly end: string;
}

export const gluedLine: fc.Arbitrary<GluedLine> = fc.record({
  wraps: fc.array(fc.array(envelope, { maxLength: 2 }), { minLength: 4, maxLength: 4 }),
  between: fc.constantFrom("", "", " ", "\r", "\t", "\u001e"),
  end: fc.constantFrom("", "\n", "\r\n"),
});

/** Requests without line feeds between them, as they are in objects of a store that batches them. */
export function glued(requests: readonly string[], { wraps, between, end }: GluedLine): string {
  const values = requests.map((json, at) =>
    (wraps[at] ?? []).reduce((inner, wrap) => wrap(inner), json),
  );
  return values.join(between) + end;
}

/** A request within an envelope as base64. */
export function inBase64(bytes: Uint8Array, compressed: boolean): string {
  const body = Buffer.from(compressed ? gzipSync(bytes) : bytes).toString("base64");
  return JSON.stringify({ isBase64Encoded: true, body });
}

function piecesOf(text: string, at: readonly number[]): readonly string[] {
  const cuts = [...new Set(at.map((part) => Math.floor(part * text.length)))].sort((a, b) => a - b);
  const ends = [...cuts, text.length];
  return ends.map((end, index) => text.slice(ends[index - 1] ?? 0, end));
}
