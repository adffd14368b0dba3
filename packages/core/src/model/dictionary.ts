import { Buffer } from "node:buffer";
import type { Lanes } from "./hash.ts";

const INITIAL_SLOTS = 1 << 14;
const INITIAL_BYTES = 1 << 20;

/**
 * The distinct strings of one batch. A string is known by the 128-bit hash that
 * its owner computes, usually of key and value together, so that looking it up
 * costs no comparison of bytes; its code is its place, from 1 on, and 0 is NULL.
 */
export class Dictionary {
  /** UTF-8 of all strings, one after the other. */
  bytes: Buffer = Buffer.allocUnsafe(INITIAL_BYTES);
  /** Where string `code` ends; it begins where string `code - 1` ends. */
  ends: Int32Array = new Int32Array(INITIAL_SLOTS);
  /** Number of strings. */
  size = 0;
  private lanes: Int32Array = new Int32Array(INITIAL_SLOTS * 4);
  private table: Int32Array = new Int32Array(INITIAL_SLOTS * 2);
  private mask: number = INITIAL_SLOTS * 2 - 1;

  /** Number of bytes all strings take. */
  get byteLength(): number {
    return this.ends[this.size] as number;
  }

  /** The code of the string with this hash, or 0. */
  find(key: Lanes): number {
    const { table, lanes, mask } = this;
    for (let at = key.a & mask; ; at = (at + 1) & mask) {
      const code = table[at] as number;
      if (code === 0) return 0;
      const base = code << 2;
      if (
        lanes[base] === key.a &&
        lanes[base + 1] === key.b &&
        lanes[base + 2] === key.c &&
        lanes[base + 3] === key.d
      ) {
        return code;
      }
    }
  }

  /** The code of `source[start, end)` under this hash; the bytes are kept if they are new. */
  intern(key: Lanes, source: Uint8Array, start: number, end: number): number {
    const known = this.find(key);
    if (known !== 0) return known;
    const offset = this.byteLength;
    this.reserveBytes(end - start);
    if (end - start < 48) {
      const { bytes } = this;
      for (let from = start, to = offset; from < end; from++, to++) {
        bytes[to] = source[from] as number;
      }
    } else {
      this.bytes.set(source.subarray(start, end), offset);
    }
    return this.add(key, offset + end - start);
  }

  /** The code of a text under this hash; `make` is asked only if it is new. */
  internText(key: Lanes, make: () => string): number {
    const known = this.find(key);
    if (known !== 0) return known;
    const value = make();
    const offset = this.byteLength;
    this.reserveBytes(value.length * 3);
    return this.add(key, offset + this.bytes.write(value, offset));
  }

  /** The string of a code. */
  text(code: number): string {
    return this.bytes.toString("utf8", this.ends[code - 1], this.ends[code]);
  }

  /** Forgets all strings. */
  clear(): void {
    this.size = 0;
    this.table.fill(0);
  }

  private add(key: Lanes, end: number): number {
    const code = ++this.size;
    if (code + 1 >= this.ends.length) this.growEntries();
    this.ends[code] = end;
    const base = code << 2;
    this.lanes[base] = key.a;
    this.lanes[base + 1] = key.b;
    this.lanes[base + 2] = key.c;
    this.lanes[base + 3] = key.d;
    this.place(code, key.a);
    return code;
  }

  private place(code: number, hash: number): void {
    const { table, mask } = this;
    let at = hash & mask;
    while (table[at] !== 0) at = (at + 1) & mask;
    table[at] = code;
  }

  private reserveBytes(length: number): void {
    const needed = this.byteLength + length;
    if (needed <= this.bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, this.bytes.length * 2));
    this.bytes.copy(larger, 0, 0, this.byteLength);
    this.bytes = larger;
  }

  private growEntries(): void {
    const ends = new Int32Array(this.ends.length * 2);
    ends.set(this.ends);
    this.ends = ends;
    const lanes = new Int32Array(this.lanes.length * 2);
    lanes.set(this.lanes);
    this.lanes = lanes;
    this.table = new Int32Array(this.table.length * 2);
    this.mask = this.table.length - 1;
    for (let code = 1; code < this.size; code++) this.place(code, lanes[code << 2] as number);
  }
}
