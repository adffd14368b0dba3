import { bytesOfList, textOrBytes } from "../../model/byte-list.ts";
import { isObject } from "../../otlp/json/read.ts";
import { isRequest } from "./envelope.ts";
import type { Row } from "./flat-values.ts";
import { JsonExtent } from "./json-extent.ts";

const OBJECT_START = 0x7b;
/** A line of containerd: time, stream, whether it is a part (P) or the last one (F), text. */
const CRI = /^\d{4}-\d\d-\d\dT\S+ (stdout|stderr) ([PF])(?::\S*)? ?/;
const CRI_BYTES = 128;
/** Members in which log drivers and shippers keep the text of a line. */
const textMembers: readonly string[] = ["log", "message", "MESSAGE", "msg", "line", "_raw"];
/** What lines of one writer have in common. */
const writerMembers: readonly string[] = [
  "stream",
  "source",
  "container_id",
  "container_name",
  "CONTAINER_ID_FULL",
  "CONTAINER_PARTIAL_ID",
  "partial_id",
  "_PID",
  "_SYSTEMD_UNIT",
];
/** What Docker's own files have, whose text ends with a line feed unless it goes on. */
const dockerMembers = new Set(["log", "stream", "time", "attrs"]);
const QUICK_LOOK = /"(?:log|message|MESSAGE|msg|line|_raw)"\s*:\s*["[]/;

/** A line that may be a part of one that a log driver has cut. */
export interface LinePart {
  /** Whose: lines of several writers may alternate. */
  readonly writer: string;
  readonly bytes: Buffer;
  /** Whether the line that was cut ends with it; "unclear" if only its text can say. */
  readonly isLast: boolean | "unclear";
  /** Whether it is a whole request by itself. */
  readonly isWhole: boolean;
}

/** Whether a line may be a part at all: a quick look, which ordinary lines do not pass. */
export function mayBePart(bytes: Buffer, start: number, end: number): boolean {
  const first = bytes[start] ?? 0;
  if (first >= 0x30 && first <= 0x39) return CRI.test(headOf(bytes, start, end));
  if (first !== OBJECT_START || (bytes[start + 2] === 0x72 && bytes[start + 4] === 0x73))
    return false;
  return QUICK_LOOK.test(bytes.toString("latin1", start, end));
}

/** Reads a line as a part; undefined where it is none. */
export function readPart(line: Buffer): LinePart | undefined {
  if (line[0] !== OBJECT_START) return criPart(line);
  const row = parsedRow(line.toString("utf8"));
  const member = textMembers.find((name) => textOrBytes(row?.[name]) !== undefined);
  const text = textOrBytes(row?.[member ?? ""]);
  if (row === undefined || member === undefined || text === undefined) return undefined;
  const writer = [member, ...writerMembers.map((name) => String(row[name] ?? ""))].join("\0");
  const isWhole = isRequest(parsedRow(text));
  // A character that was cut in two is whole again once the bytes of the parts are joined.
  const bytes = Buffer.from(bytesOfList(row[member]) ?? Buffer.from(text));
  return { writer, bytes, isLast: isLast(row, text), isWhole };
}

/** Whether a part may be the first of several: what it holds goes on behind it. */
export function opensLine({ bytes, isLast, isWhole }: LinePart): boolean {
  if (isWhole || isLast === true) return false;
  if (isLast === false) return true;
  return /^\s*(?:\{|\[(?:\{|$))/.test(bytes.toString("latin1", 0, 64)) && !isAllThere(bytes);
}

function criPart(line: Buffer): LinePart | undefined {
  const head = CRI.exec(headOf(line, 0, line.length));
  if (head === null) return undefined;
  const [prefix, stream, mark] = head;
  const end = line.at(-1) === 0x0d ? line.length - 1 : line.length;
  const bytes = line.subarray(prefix.length, end);
  return { writer: `cri\0${stream}`, bytes, isLast: mark === "F", isWhole: false };
}

/** As the driver says it, else as Docker shows it by a line feed. */
function isLast(row: Row, text: string): LinePart["isLast"] {
  if (text.endsWith("\n")) return true;
  const tag = row["logtag"] ?? row["_p"];
  if (tag === "F" || tag === "P") return tag === "F";
  if (row["partial_last"] !== undefined) return String(row["partial_last"]) === "true";
  if (row["CONTAINER_PARTIAL_LAST"] !== undefined) {
    return String(row["CONTAINER_PARTIAL_LAST"]) === "true";
  }
  if (`${row["partial_message"] ?? row["CONTAINER_PARTIAL_MESSAGE"]}` === "true") return false;
  const isDocker = Object.keys(row).every((name) => dockerMembers.has(name));
  const goesOn = isDocker && typeof row["stream"] === "string" && text.includes("{");
  return goesOn && !isAllThere(Buffer.from(text)) ? false : "unclear";
}

function headOf(bytes: Buffer, start: number, end: number): string {
  return bytes.toString("latin1", start, Math.min(end, start + CRI_BYTES));
}

function isAllThere(text: Buffer): boolean {
  const extent = new JsonExtent();
  extent.take(text);
  return extent.isWhole;
}

function parsedRow(text: string): Row | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
