import { AnyValueReader } from "./any-value.ts";
import { type ByteCursor, Literal, literal, type Spacing } from "./byte-cursor.ts";
import { Problems } from "./problems.ts";
import type { AttributeSlot, RecordSink } from "./sink.ts";

const OBJECT_END = 0x7d;
const LIST_END = 0x5d;
const QUOTE = 0x22;
const MEMO_BYTES = 512;
/** Keys remembered, so that memory stays bounded whatever the keys. */
const MOST_KEYS = 4096;
/** After so many misses in a row a value is taken to change from record to record ... */
const MISSES = 4;
/** ... and not compared for so many records. */
const PAUSE = 32;

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
  /** Where the text lies in the memo. */
  from = 0;
  to = 0;
  /** The version of the slot that the memo stands for; -1 for none. */
  version = -1;
  misses = 0;
  pause = 0;

  constructor(slot: AttributeSlot, spacing: Spacing) {
    this.slot = slot;
    const value = literal(',"value":{"', spacing);
    const key = literal('{"key":', spacing);
    const name = literal(JSON.stringify(slot.key));
    this.prefix = new Literal(new Uint8Array([...key.bytes, ...name.bytes, ...value.bytes]));
  }

  /** Keeps a copy of the attribute's bytes, since the buffer is used again for other lines. */
  remember(bytes: Buffer, start: number, end: number): void {
    this.memo.copy(bytes, start, end);
    this.version = this.slot.version;
  }
}

/** The attribute being scanned. */
interface Range {
  /** Its opening brace. */
  start: number;
  /** Its end, where its value was found to come before its key; else -1. */
  end: number;
}

/** Scans lists of attributes of one kind of record. */
export class AttributeScanner {
  private readonly cursor: ByteCursor;
  private readonly sink: RecordSink;
  private readonly spacing: Spacing;
  private readonly words: ReturnType<typeof wordsOf>;
  private readonly keys: Map<string, KnownKey> = new Map();
  private readonly range: Range = { start: 0, end: -1 };
  private first: KnownKey | undefined;

  constructor(cursor: ByteCursor, sink: RecordSink, spacing: Spacing) {
    this.cursor = cursor;
    this.sink = sink;
    this.spacing = spacing;
    this.words = wordsOf(spacing);
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
      if (cursor.takeComma()) continue;
      return cursor.takeByte(LIST_END);
    }
  }

  private attribute(guess: KnownKey | undefined): KnownKey | undefined {
    const { cursor, sink, range } = this;
    const start = cursor.at;
    if (guess !== undefined && guess.version === guess.slot.version && guess.pause === 0) {
      if (cursor.take(guess.memo)) {
        guess.misses = 0;
        sink.repeatText(guess.slot, cursor.bytes, start + guess.from, start + guess.to);
        return guess;
      }
      if (++guess.misses >= MISSES) guess.pause = PAUSE;
    }
    range.start = start;
    range.end = -1;
    const known = guess !== undefined && cursor.take(guess.prefix) ? guess : this.key();
    if (known === undefined || !this.value(known, start)) return undefined;
    return known;
  }

  /** Passes an attribute up to the name of its type. */
  private key(): KnownKey | undefined {
    const { cursor, words } = this;
    if (!cursor.take(words.keyStart)) return this.keyBehind();
    const start = cursor.at;
    const end = cursor.plainString();
    if (end < 0) return undefined;
    cursor.at = end;
    return cursor.take(words.valueStart) ? this.known(start, end) : undefined;
  }

  /** Finds the key of an attribute behind its value; stays before the name of the value's type. */
  private keyBehind(): KnownKey | undefined {
    const { cursor, words } = this;
    if (!cursor.take(words.valueFirst)) return undefined;
    const value = cursor.at;
    cursor.at = value - 2;
    if (cursor.skipContainer() < 0 || !cursor.take(words.keyLast)) return undefined;
    const start = cursor.at;
    const end = cursor.plainString();
    if (end < 0 || !cursor.takeByte(OBJECT_END)) return undefined;
    this.range.end = cursor.at;
    cursor.at = value;
    return this.known(start, end);
  }

  private known(start: number, end: number): KnownKey {
    const key = this.cursor.text(start, end);
    const found = this.keys.get(key);
    const slot = this.sink.slot(key);
    if (found !== undefined && found.slot === slot) return found;
    const known = new KnownKey(slot, this.spacing);
    if (this.keys.size >= MOST_KEYS) this.forget();
    this.keys.set(key, known);
    return known;
  }

  /** Forgets all keys, and where the chain of them begins. */
  private forget(): void {
    this.keys.clear();
    this.first = undefined;
  }

  /** Passes the end of the attribute, of which the value was passed but for its closing brace. */
  private close(): boolean {
    const { cursor, range } = this;
    if (!cursor.takeByte(OBJECT_END)) return false;
    if (range.end < 0) return cursor.takeByte(OBJECT_END);
    cursor.at = range.end;
    return true;
  }

  private value(known: KnownKey, start: number): boolean {
    const { cursor, sink } = this;
    switch (cursor.bytes[cursor.at]) {
      case 0x73:
        return this.stringValue(known, start);
      case 0x69: {
        if (!cursor.take(this.words.intType)) return false;
        const quoted = cursor.takeByte(QUOTE);
        const value = cursor.integer();
        if (Number.isNaN(value) || (quoted && !cursor.takeByte(QUOTE))) return false;
        if (!this.close()) return false;
        sink.integerAttribute(known.slot, value);
        return true;
      }
      case 0x64: {
        if (!cursor.take(this.words.doubleType)) return false;
        const value = cursor.double();
        // An integer beyond 2^53 may have been written exactly.
        if (Number.isNaN(value) || (Number.isInteger(value) && !Number.isSafeInteger(value)))
          return false;
        if (!this.close()) return false;
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
    if (!cursor.take(this.words.stringType)) return false;
    const from = cursor.at;
    const to = cursor.plainString();
    if (to < 0) return this.anyValue(start);
    if (!this.close()) return false;
    sink.textAttribute(known.slot, cursor.bytes, from, to);
    if (known.pause > 0) known.pause--;
    else if (cursor.at - start <= MEMO_BYTES) {
      known.from = from - start;
      known.to = to - start;
      known.remember(cursor.bytes, start, cursor.at);
    }
    return true;
  }

  private boolValue(known: KnownKey): boolean {
    const { cursor, sink } = this;
    if (!cursor.take(this.words.boolType)) return false;
    const value = cursor.take(trueWord);
    if (!value && !cursor.take(falseWord)) return false;
    if (!this.close()) return false;
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

function wordsOf(spacing: Spacing) {
  return {
    keyStart: literal('{"key":"', spacing),
    valueStart: literal('","value":{"', spacing),
    valueFirst: literal('{"value":{"', spacing),
    keyLast: literal(',"key":"', spacing),
    stringType: literal('stringValue":"', spacing),
    intType: literal('intValue":', spacing),
    doubleType: literal('doubleValue":', spacing),
    boolType: literal('boolValue":', spacing),
  };
}
