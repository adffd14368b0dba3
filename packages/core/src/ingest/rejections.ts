const SHOWN_CHARACTERS = 200;

/** Why a line, or part of one, is not stored as it was. */
export type RejectionReason =
  /** Text without a request, which programs print beside telemetry. */
  | "other-text"
  /** JSON that breaks off or is malformed. */
  | "not-json"
  /** JSON, but no export request of OTLP. */
  | "not-otlp"
  /** Some of its records do not fit; the others are stored. */
  | "invalid-record"
  /** A write that was cut off; what was glued to it is stored. */
  | "torn-line"
  /** A partial line at the end of a file: read again when the file has grown. */
  | "unterminated"
  /** Bytes that are no UTF-8; stored with U+FFFD in their place. */
  | "invalid-utf8"
  /** A protobuf message of unclear signal. */
  | "ambiguous-signal"
  /** Damage to the framing, in the words of the source. */
  | (string & {});

/** A line, or part of one, that goes to rejected_lines. */
export interface Rejection {
  readonly offset: number;
  readonly length: number;
  readonly hash: string;
  readonly reason: RejectionReason;
  readonly detail: string;
  readonly recordsKept: number;
  readonly text: string;
}

/** Describes rejected bytes: `bytes` may be only their beginning when `length` says so. */
export function rejection(
  reason: RejectionReason,
  detail: string,
  bytes: Uint8Array,
  offset: number,
  options: { readonly recordsKept?: number; readonly length?: number } = {},
): Rejection {
  return {
    offset,
    length: options.length ?? bytes.length,
    hash: sha256(bytes),
    reason,
    detail,
    recordsKept: options.recordsKept ?? 0,
    text: beginningOf(bytes),
  };
}

/** A rejection, and how many lines it stands for. */
export interface CountedRejection extends Rejection {
  readonly lines: number;
}

/**
 * Rejections as they are kept: each by itself, but for text beside telemetry, of which the first
 * line stands for all of its kind.
 */
export function countedText(rejections: readonly Rejection[]): {
  readonly single: readonly CountedRejection[];
  readonly counted: readonly CountedRejection[];
} {
  const single: CountedRejection[] = [];
  const counted = new Map<string, CountedRejection>();
  for (const each of rejections) {
    if (each.reason !== "other-text") single.push({ ...each, lines: 1 });
    else {
      const first = counted.get(each.detail) ?? { ...each, lines: 0 };
      counted.set(each.detail, { ...first, lines: first.lines + 1 });
    }
  }
  return { single, counted: [...counted.values()] };
}

/** In hex. Loaded here, since a process that only looks at a few lines rarely needs it. */
function sha256(bytes: Uint8Array): string {
  const { createHash } = process.getBuiltinModule("node:crypto");
  return createHash("sha256").update(bytes).digest("hex");
}

/** The beginning of a text in UTF-8, cut between two characters. */
function beginningOf(bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes.subarray(0, SHOWN_CHARACTERS * 3));
  const halved = (text.charCodeAt(SHOWN_CHARACTERS - 1) & 0xfc00) === 0xd800;
  return text.slice(0, halved ? SHOWN_CHARACTERS - 1 : SHOWN_CHARACTERS);
}
