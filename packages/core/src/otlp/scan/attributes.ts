import { AnyValueReader } from "../json/any-value.ts";
import { Problems } from "../problems.ts";
import type { AttributeSlot, RecordSink } from "../sink.ts";
import { type ByteCursor, Literal, literal, type Spacing } from "./byte-cursor.ts";

const OBJECT_END = 0x7d;
const LIST_END = 0x5d;
const QUOTE = 0x22;
/** The first letter of the name "key". */
const LETTER_K = 0x6b;
const MEMO_BYTES = 512;
/** Keys remembered, so that memory stays bounded whatever the keys. */
const MOST_KEYS = 4096;
/** After so many misses in a row a value is taken to change from record to record ... */
const MISSES = 4;
/** ... and not compared for so many records. */
const PAUSE = 32;

const trueWord = literal("true");
const falseWord = literal("false");

/** The bytes of an attribute that was met, to compare the next with. */
class Memo extends Literal {
  /** Where the text lies in it. */
  from = 0;
  to = 0;
  /** The version of the slot that it stands for; -1 for none. */
  version = -1;

  constructor() {
    super(new Uint8Array(0));
  }

  /** Whether the text in it is `bytes[start, end)`. */
  hasText(bytes: Uint8Array, start: number, end: number): boolean {
    const { from } = this;
    if (end - start !== this.to - from) return false;
    for (let at = start; at < end; at++)
      if (bytes[at] !== this.bytes[from + at - start]) return false;
    return true;
  }
}

/** An attribute key that was met, with the bytes of its last text: most attributes repeat them. */
class KnownKey {
  readonly slot: AttributeSlot;
  /** From the opening brace of the attribute to the name of its type. */
  readonly prefix: Literal;
  /** From the comma behind a value to the end of the attribute. */
  readonly suffix: Literal;
  /** The key that followed this one last. */
  next: KnownKey | undefined;
  /** The last text with its key before it, and with its key behind it. */
  readonly before: Memo = new Memo();
  readonly behind: Memo = new Memo();
  misses = 0;
  pause = 0;

  constructor(slot: AttributeSlot, spacing: Spacing) {
    this.slot = slot;
    const name = JSON.stringify(slot.key);
    // The key may hold what looks like the end of one, which has no spacing.
    this.prefix = joined(
      literal('{"key":', spacing),
      literal(name),
      literal(',"value":{"', spacing),
    );
    this.suffix = joined(literal(',"key":', spacing), literal(name), literal("}"));
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
    if (guess !== undefined && guess.pause === 0) {
      const memo = cursor.bytes[start + 2] === LETTER_K ? guess.before : guess.behind;
      if (memo.version === guess.slot.version) {
        if (cursor.take(memo)) {
          guess.misses = 0;
          sink.repeatText(guess.slot, cursor.bytes, start + memo.from, start + memo.to);
          return guess;
        }
        if (++guess.misses >= MISSES) guess.pause = PAUSE;
      }
    }
    range.start = start;
    range.end = -1;
    const known = guess !== undefined && cursor.take(guess.prefix) ? guess : this.key(guess);
    if (known === undefined || !this.value(known, start)) return undefined;
    return known;
  }

  /** Passes an attribute up to the name of its type. */
  private key(guess: KnownKey | undefined): KnownKey | undefined {
    const { cursor, words } = this;
    if (!cursor.take(words.keyStart)) return this.keyBehind(guess);
    const start = cursor.at;
    const end = cursor.plainString();
    if (end < 0) return undefined;
    cursor.at = end;
    return cursor.take(words.valueStart) ? this.known(start, end) : undefined;
  }

  /** Finds the key of an attribute behind its value; stays before the name of the value's type. */
  private keyBehind(guess: KnownKey | undefined): KnownKey | undefined {
    const { cursor, words, range } = this;
    if (!cursor.take(words.valueFirst)) return undefined;
    const value = cursor.at;
    cursor.at = value - 2;
    if (cursor.skipContainer() < 0) return undefined;
    if (guess !== undefined && cursor.take(guess.suffix)) {
      range.end = cursor.at;
      cursor.at = value;
      return guess;
    }
    if (!cursor.take(words.keyLast)) return undefined;
    const start = cursor.at;
    const end = cursor.plainString();
    if (end < 0 || !cursor.takeByte(OBJECT_END)) return undefined;
    range.end = cursor.at;
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
    const isBehind = this.range.end >= 0;
    const memo = isBehind ? known.behind : known.before;
    const other = isBehind ? known.before : known.behind;
    const same = other.version === known.slot.version && other.hasText(cursor.bytes, from, to);
    if (same) sink.repeatText(known.slot, cursor.bytes, from, to);
    else sink.textAttribute(known.slot, cursor.bytes, from, to);
    if (known.pause > 0) known.pause--;
    else if (cursor.at - start <= MEMO_BYTES) {
      // A copy, since the buffer is used again for other lines.
      memo.copy(cursor.bytes, start, cursor.at);
      memo.from = from - start;
      memo.to = to - start;
      memo.version = known.slot.version;
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

function joined(...literals: readonly Literal[]): Literal {
  return new Literal(new Uint8Array(literals.flatMap(({ bytes }) => [...bytes])));
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
