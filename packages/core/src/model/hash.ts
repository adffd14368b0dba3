/**
 * A 128-bit content hash in four 32-bit lanes, after the body and the final
 * mix of MurmurHash3 x86_128 (public domain, Austin Appleby). It distinguishes
 * records; it does not protect against an attacker who builds records that merge.
 */

const C1 = 0x239b961b;
const C2 = 0xab0e9789 | 0;
const C3 = 0x38b34ae5;
const C4 = 0xa1e38b93 | 0;

/** Four lanes of 32 bits. */
export class Lanes {
  a = 0;
  b = 0;
  c = 0;
  d = 0;

  /** Starts from a seed; different seeds give unrelated hashes. */
  seed(seed: number): this {
    this.a = seed;
    this.b = seed ^ 0x9e3779b9;
    this.c = seed ^ 0x7f4a7c15;
    this.d = seed ^ 0x85ebca6b;
    return this;
  }

  /** Starts from another hash and a tag that says what follows. */
  from(other: Lanes, tag: number): this {
    this.a = other.a ^ tag;
    this.b = other.b;
    this.c = other.c;
    this.d = other.d;
    return this;
  }

  /** Takes in four 32-bit words. */
  absorb(k1: number, k2: number, k3: number, k4: number): this {
    let h1 = this.a;
    let h2 = this.b;
    let h3 = this.c;
    let h4 = this.d;
    k1 = Math.imul(k1, C1);
    k1 = (k1 << 15) | (k1 >>> 17);
    h1 ^= Math.imul(k1, C2);
    h1 = (h1 << 19) | (h1 >>> 13);
    h1 = (Math.imul(h1 + h2, 5) + 0x561ccd1b) | 0;
    k2 = Math.imul(k2, C2);
    k2 = (k2 << 16) | (k2 >>> 16);
    h2 ^= Math.imul(k2, C3);
    h2 = (h2 << 17) | (h2 >>> 15);
    h2 = (Math.imul(h2 + h3, 5) + 0x0bcaa747) | 0;
    k3 = Math.imul(k3, C3);
    k3 = (k3 << 17) | (k3 >>> 15);
    h3 ^= Math.imul(k3, C4);
    h3 = (h3 << 15) | (h3 >>> 17);
    h3 = (Math.imul(h3 + h4, 5) + 0x96cd1c35) | 0;
    k4 = Math.imul(k4, C4);
    k4 = (k4 << 18) | (k4 >>> 14);
    h4 ^= Math.imul(k4, C1);
    h4 = (h4 << 13) | (h4 >>> 19);
    h4 = (Math.imul(h4 + h1, 5) + 0x32ac3b17) | 0;
    this.a = h1;
    this.b = h2;
    this.c = h3;
    this.d = h4;
    return this;
  }

  /** Takes in another hash. */
  absorbLanes(other: Lanes): this {
    return this.absorb(other.a, other.b, other.c, other.d);
  }

  /** Takes in bytes, `start` to before `end`, and their number. */
  absorbBytes(bytes: Uint8Array, start: number, end: number): this {
    let at = start;
    for (const last = end - 16; at <= last; at += 16) {
      this.absorb(word(bytes, at), word(bytes, at + 4), word(bytes, at + 8), word(bytes, at + 12));
    }
    const left = end - at;
    if (left === 0) return this.absorb(end - start, 0, 0, 1);
    return this.absorb(
      partialWord(bytes, at, end),
      partialWord(bytes, at + 4, end),
      partialWord(bytes, at + 8, end),
      partialWord(bytes, at + 12, end) ^ Math.imul(end - start, 0x9e3779b1),
    );
  }

  /** Spreads every bit over all lanes; to be called once, at the end. */
  finish(): this {
    let h1 = this.a;
    let h2 = this.b;
    let h3 = this.c;
    let h4 = this.d;
    h1 = (h1 + h2 + h3 + h4) | 0;
    h2 = (h2 + h1) | 0;
    h3 = (h3 + h1) | 0;
    h4 = (h4 + h1) | 0;
    h1 = avalanche(h1);
    h2 = avalanche(h2);
    h3 = avalanche(h3);
    h4 = avalanche(h4);
    h1 = (h1 + h2 + h3 + h4) | 0;
    this.a = h1;
    this.b = (h2 + h1) | 0;
    this.c = (h3 + h1) | 0;
    this.d = (h4 + h1) | 0;
    return this;
  }

  /** Adds another hash lane by lane: the order of additions does not matter. */
  add(other: Lanes): void {
    this.a = (this.a + other.a) | 0;
    this.b = (this.b + other.b) | 0;
    this.c = (this.c + other.c) | 0;
    this.d = (this.d + other.d) | 0;
  }

  /** Whether all lanes are the same. */
  equals(other: Lanes): boolean {
    return this.a === other.a && this.b === other.b && this.c === other.c && this.d === other.d;
  }

  /** A copy that stays as it is. */
  clone(): Lanes {
    const copy = new Lanes();
    copy.a = this.a;
    copy.b = this.b;
    copy.c = this.c;
    copy.d = this.d;
    return copy;
  }

  /** 32 lower-case hexadecimal digits. */
  toHex(): string {
    return hex(this.a) + hex(this.b) + hex(this.c) + hex(this.d);
  }
}

function word(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] as number) |
    ((bytes[at + 1] as number) << 8) |
    ((bytes[at + 2] as number) << 16) |
    ((bytes[at + 3] as number) << 24)
  );
}

function partialWord(bytes: Uint8Array, at: number, end: number): number {
  if (at + 4 <= end) return word(bytes, at);
  let value = 0;
  for (let i = at, shift = 0; i < end; i++, shift += 8) value |= (bytes[i] as number) << shift;
  return value;
}

function avalanche(h: number): number {
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}

function hex(lane: number): string {
  return (lane >>> 0).toString(16).padStart(8, "0");
}
