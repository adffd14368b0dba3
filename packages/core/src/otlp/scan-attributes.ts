import { AnyValueReader } from "./any-value.ts";
import { type ByteCursor, Literal, literal } from "./byte-cursor.ts";
import { Problems } from "./problems.ts";
import type { AttributeSlot, RecordSink } from "./sink.ts";

const COMMA = 0x2c;
const LIST_END = 0x5d;
const QUOTE = 0x22;
const MEMO_BYTES = 512;
/** Keys remembered, so that memory stays bounded whatever the keys. */
const MOST_KEYS = 4096;
/** After so many misses in a row a value is taken to change from record to record ... */
const MISSES = 4;
/** ... and not compared for so many records. */
const PAUSE = 32;

const keyStart = literal('{"key":"');
const valueStart = literal('","value":{"');
const stringType = literal('stringValue":"');
const intType = literal('intValue":');
const doubleType = literal('doubleValue":');
const boolType = literal('boolValue":');
const attributeEnd = literal("}}");
const trueWord = literal("true");
const falseWord = literal("false");

/** An attribute key that was met, with the bytes of its last text: most attributes repeat them. */
class KnownKey {
  readonly slot: AttributeSlot;
  /** From the opening brace of the attribute to the name of its type. */
  readonly prefix: Literal;
  /** The key that followed this one last. */
  next: KnownKey | undefined;
  readonly memo: Literal = new Literal(new Uint8Array(0));
  /** The version of the slot that the memo stands for; -1 for none. */
  version = -1;
  misses = 0;
  pause = 0;

  /** Keeps a copy of the attribute's bytes, since the buffer is used again for other lines. */
  remember(bytes: Buffer, start: number, end: number): void {
    this.memo.copy(bytes, start, end);
    this.version = this.slot.version;
  }

  constructor(slot: AttributeSlot) {
    this.slot = slot;
    this.prefix = literal(`{"key":${JSON.stringify(slot.key)},"value":{"`);
  }
}

/** Scans lists of attributes of one kind of record. */
export class AttributeScanner {
  private readonly cursor: ByteCursor;
  private readonly sink: RecordSink;
  private readonly keys: Map<string, KnownKey> = new Map();
  private first: KnownKey | undefined;

  constructor(cursor: ByteCursor, sink: RecordSink) {
    this.cursor = cursor;
    this.sink = sink;
  }

  /** Scans attributes and the end of their list, the beginning of which was passed. False if they must be parsed. */
  list(): boolean {
    const { cursor } = this;
    if (cursor.takeByte(LIST_END)) return true;
    let before: KnownKey | undefined;
    for (;;) {
      const guess = before === undefined ? this.first : before.next;
      const known = this.attribute(guess);
      if (known === undefined) return false;
      if (before === undefined) this.first = known;
      else before.next = known;
      before = known;
      if (cursor.takeByte(COMMA)) continue;
      return cursor.takeByte(LIST_END);
    }
  }

  private attribute(guess: KnownKey | undefined): KnownKey | undefined {
    const { cursor, sink } = this;
    const start = cursor.at;
    if (guess !== undefined && guess.version === guess.slot.version && guess.pause === 0) {
      if (cursor.take(guess.memo)) {
        guess.misses = 0;
        const from = start + guess.prefix.length + stringType.length;
        sink.repeatText(guess.slot, cursor.bytes, from, cursor.at - 3);
        return guess;
      }
      if (++guess.misses >= MISSES) guess.pause = PAUSE;
    }
    const known = guess !== undefined && cursor.take(guess.prefix) ? guess : this.key();
    if (known === undefined || !this.value(known, start)) return undefined;
    return known;
  }

  /** Passes an attribute up to the name of its type. */
  private key(): KnownKey | undefined {
    const { cursor } = this;
    if (!cursor.take(keyStart)) return undefined;
    const start = cursor.at;
    const end = cursor.plainString();
    if (end < 0) return undefined;
    cursor.at = end;
    if (!cursor.take(valueStart)) return undefined;
    const key = cursor.text(start, end);
    const found = this.keys.get(key);
    const slot = this.sink.slot(key);
    if (found !== undefined && found.slot === slot) return found;
    const known = new KnownKey(slot);
    if (this.keys.size >= MOST_KEYS) this.forget();
    this.keys.set(key, known);
    return known;
  }

  /** Forgets all keys, and where the chain of them begins. */
  private forget(): void {
    this.keys.clear();
    this.first = undefined;
  }

  private value(known: KnownKey, start: number): boolean {
    const { cursor, sink } = this;
    switch (cursor.bytes[cursor.at]) {
      case 0x73:
        return this.stringValue(known, start);
      case 0x69: {
        if (!cursor.take(intType)) return false;
        const quoted = cursor.takeByte(QUOTE);
        const value = cursor.integer();
        if (Number.isNaN(value) || (quoted && !cursor.takeByte(QUOTE))) return false;
        if (!cursor.take(attributeEnd)) return false;
        sink.integerAttribute(known.slot, value);
        return true;
      }
      case 0x64: {
        if (!cursor.take(doubleType)) return false;
        const value = cursor.double();
        if (Number.isNaN(value) || !cursor.take(attributeEnd)) return false;
        sink.doubleAttribute(known.slot, value);
        return true;
      }
      case 0x62:
        if (cursor.bytes[cursor.at + 1] === 0x6f) return this.boolValue(known);
        return this.anyValue(start);
      default:
        return this.anyValue(start);
    }
  }

  private stringValue(known: KnownKey, start: number): boolean {
    const { cursor, sink } = this;
    if (!cursor.take(stringType)) return false;
    const from = cursor.at;
    const to = cursor.plainString();
    if (to < 0) return this.anyValue(start);
    if (!cursor.take(attributeEnd)) return false;
    sink.textAttribute(known.slot, cursor.bytes, from, to);
    if (known.pause > 0) known.pause--;
    else if (cursor.at - start <= MEMO_BYTES) {
      known.remember(cursor.bytes, start, cursor.at);
    }
    return true;
  }

  private boolValue(known: KnownKey): boolean {
    const { cursor, sink } = this;
    if (!cursor.take(boolType)) return false;
    const value = cursor.take(trueWord);
    if (!value && !cursor.take(falseWord)) return false;
    if (!cursor.take(attributeEnd)) return false;
    sink.boolAttribute(known.slot, value);
    return true;
  }

  /** A value that must be parsed: a list, a map, bytes, or a string with escapes. */
  private anyValue(start: number): boolean {
    const { cursor, sink } = this;
    cursor.at = start;
    const end = cursor.skipContainer();
    if (end < 0) return false;
    const problems = new Problems();
    try {
      const read = new AnyValueReader(problems).keyValue(JSON.parse(cursor.text(start, end)));
      if (problems.count > 0 || problems.inexact || problems.extraCount > 0) return false;
      sink.attribute(read);
      return true;
    } catch {
      return false;
    }
  }
}
