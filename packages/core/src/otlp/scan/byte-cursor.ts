import type { NanoTime } from "../sink.ts";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const SPACE = 0x20;
const ZERO = 0x30;
const BRACE_BIT = 0x20;
const OPENING = 0x7b;
const CLOSING = 0x7d;
const WORD = 4294967296;
const encoder = new TextEncoder();

/**
 * Bytes to compare with, of valid UTF-8 without NUL. They are compared eight at
 * a time as doubles, since nothing in JavaScript is quicker: no eight such bytes
 * are a zero, and where they were a NaN the comparison would only fail.
 */
export class Literal {
  bytes: Uint8Array;
  view: DataView;
  /** Number of bytes that count; there may be room for more. */
  length: number;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.length = bytes.length;
  }

  /** Becomes a copy of `source[start, end)`. */
  copy(source: Uint8Array, start: number, end: number): void {
    const length = end - start;
    if (length > this.bytes.length) {
      this.bytes = new Uint8Array(length + 64);
      this.view = new DataView(this.bytes.buffer);
    }
    const { bytes } = this;
    for (let at = 0; at < length; at++) bytes[at] = source[start + at] as number;
    this.length = length;
  }
}

/** How a writer of JSON sets its colons and commas: with nothing or with a space after each. */
export type Spacing = "compact" | "spaced";

/** A literal of a text of JSON in a spacing; a colon or comma inside a string must not follow or precede its quote. */
export function literal(text: string, spacing: Spacing = "compact"): Literal {
  const spaced = spacing === "compact" ? text : text.replace(/":/g, '": ').replace(/,"/g, ', "');
  return new Literal(encoder.encode(spaced));
}

/**
 * A place in the bytes of a line, and the few ways to go on from it. Methods
 * that can fail say so by false, NaN or -1 and leave the place anywhere.
 */
export class ByteCursor {
  bytes: Buffer = Buffer.alloc(0);
  at = 0;
  end = 0;
  private view: DataView = new DataView(new ArrayBuffer(0));
  private readonly spaced: boolean;

  constructor(spacing: Spacing = "compact") {
    this.spaced = spacing === "spaced";
  }

  /** Begins a line. */
  open(bytes: Buffer, start: number, end: number): void {
    if (this.bytes !== bytes) {
      this.bytes = bytes;
      this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    this.at = start;
    this.end = end;
  }

  /** Whether the next bytes are these; passes them if so. */
  take(text: Literal): boolean {
    const { at, view } = this;
    const { length } = text;
    if (at + length > this.end) return false;
    let i = 0;
    for (const last = length - 8; i <= last; i += 8) {
      if (view.getFloat64(at + i) !== text.view.getFloat64(i)) return false;
    }
    const { bytes } = this;
    for (; i < length; i++) if (bytes[at + i] !== text.bytes[i]) return false;
    this.at = at + length;
    return true;
  }

  /** Whether the next byte is this one; passes it if so. */
  takeByte(byte: number): boolean {
    if (this.bytes[this.at] !== byte) return false;
    this.at++;
    return true;
  }

  /** Passes a comma between members or elements, with the space after it where there is to be one. */
  takeComma(): boolean {
    if (this.bytes[this.at] !== COMMA) return false;
    if (this.spaced && this.bytes[this.at + 1] !== SPACE) return false;
    this.at += this.spaced ? 2 : 1;
    return true;
  }

  /**
   * Passes a string whose opening quote was passed, its closing quote too. Gives the
   * end of its content, or -1 where it holds an escape or breaks off.
   */
  plainString(): number {
    const { bytes, end } = this;
    let at = this.at;
    for (; at < end; at++) {
      const byte = bytes[at] as number;
      if (byte === QUOTE) {
        this.at = at + 1;
        return at;
      }
      if (byte === BACKSLASH || byte < 0x20) return -1;
    }
    return -1;
  }

  /** An integer of at most 15 digits, written as JSON would; NaN for any other. */
  integer(): number {
    const { bytes } = this;
    let at = this.at;
    const negative = bytes[at] === 0x2d;
    if (negative) at++;
    const first = at;
    let value = 0;
    for (;;) {
      const digit = (bytes[at] as number) - 0x30;
      if (!(digit >= 0 && digit <= 9)) break;
      value = value * 10 + digit;
      at++;
    }
    const digits = at - first;
    if (digits === 0 || digits > 15 || (bytes[first] === 0x30 && (digits > 1 || negative)))
      return Number.NaN;
    this.at = at;
    return negative ? -value : value;
  }

  /** A JSON number; NaN where there is none. */
  double(): number {
    const { bytes } = this;
    const start = this.at;
    const value = this.integer();
    const next = bytes[this.at];
    const whole = next !== 0x2e && next !== 0x65 && next !== 0x45;
    if (!Number.isNaN(value) && whole) return value;
    let at = start;
    while (isNumberByte(bytes[at])) at++;
    const text = bytes.toString("latin1", start, at);
    this.at = at;
    if (!/^-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?$/.test(text)) return Number.NaN;
    const double = Number(text);
    return Number.isFinite(double) ? double : Number.NaN;
  }

  /** Nanoseconds since 1970 as decimal text and its closing quote; false for 0 and beyond 19 digits. */
  nanoTime(into: NanoTime): boolean {
    const { bytes } = this;
    let at = this.at;
    let length = 0;
    while (isDigit(bytes[at + length])) length++;
    if (length < 4 || length > 19 || bytes[at] === 0x30 || bytes[at + length] !== QUOTE)
      return false;
    let micros = 0;
    for (const last = at + length - 3; at < last; at++)
      micros = micros * 10 + (bytes[at] as number) - 0x30;
    if (!Number.isSafeInteger(micros)) return false;
    into.low = micros | 0;
    into.high = Math.floor(micros / WORD);
    into.nanos =
      ((bytes[at] as number) - 0x30) * 100 +
      ((bytes[at + 1] as number) - 0x30) * 10 +
      ((bytes[at + 2] as number) - 0x30);
    this.at = at + 4;
    return true;
  }

  /** Passes the text 0 and its closing quote. */
  zeroText(): boolean {
    if (this.bytes[this.at] !== ZERO || this.bytes[this.at + 1] !== QUOTE) return false;
    this.at += 2;
    return true;
  }

  /** Passes an id of `digits` lower-case hexadecimal digits, or none, and its closing quote. */
  hexId(digits: number): boolean {
    const { bytes, at } = this;
    if (this.takeByte(QUOTE)) return true;
    for (let i = at; i < at + digits; i++) {
      const byte = bytes[i] as number;
      if (!((byte >= 0x30 && byte <= 0x39) || (byte >= 0x61 && byte <= 0x66))) return false;
    }
    this.at = at + digits;
    return this.takeByte(QUOTE);
  }

  /** Passes an object or a list that begins here. Gives its end, or -1 where it breaks off. */
  skipContainer(): number {
    return this.leaveContainers(0);
  }

  /** Passes the rest of `open` nested containers. Gives the end of the outermost, or -1 if it breaks off. */
  leaveContainers(open: number): number {
    const { bytes, end } = this;
    let depth = open;
    for (let at = this.at; at < end; at++) {
      const byte = bytes[at] as number;
      if (byte === QUOTE) {
        for (at++; at < end; at++) {
          const inside = bytes[at] as number;
          if (inside === QUOTE) break;
          if (inside === BACKSLASH) at++;
        }
        if (at >= end) return -1;
        continue;
      }
      // This bit alone separates braces from brackets.
      const bracket = byte | BRACE_BIT;
      if (bracket === OPENING) depth++;
      else if (bracket === CLOSING && --depth === 0) {
        this.at = at + 1;
        return at + 1;
      }
    }
    return -1;
  }

  /** The text between two places. */
  text(start: number, end: number): string {
    return this.bytes.toString("utf8", start, end);
  }
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

function isNumberByte(byte: number | undefined): boolean {
  return (
    isDigit(byte) ||
    byte === 0x2d ||
    byte === 0x2b ||
    byte === 0x2e ||
    byte === 0x65 ||
    byte === 0x45
  );
}
