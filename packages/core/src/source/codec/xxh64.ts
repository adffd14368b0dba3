/**
 * The low 32 bits of XXH64 with seed 0, which zstd frames carry as their checksum. Written with
 * pairs of 32-bit halves: BigInt is about ten times slower.
 * (https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md)
 */
export class Xxh64 {
  /** The four accumulators, each low half first. */
  readonly #lanes = new Int32Array(8);
  readonly #pending = Buffer.alloc(STRIPE_BYTES);
  #pendingBytes = 0;
  #totalBytes = 0;

  constructor() {
    const [one, two] = [PRIME_1, PRIME_2];
    setLane(this.#lanes, 0, add(one, two));
    setLane(this.#lanes, 1, two);
    setLane(this.#lanes, 2, [0, 0]);
    setLane(this.#lanes, 3, negative(one));
  }

  update(bytes: Uint8Array): void {
    this.#totalBytes += bytes.length;
    let at = 0;
    if (this.#pendingBytes > 0) {
      at = Math.min(STRIPE_BYTES - this.#pendingBytes, bytes.length);
      this.#pending.set(bytes.subarray(0, at), this.#pendingBytes);
      this.#pendingBytes += at;
      if (this.#pendingBytes < STRIPE_BYTES) return;
      consumeStripes(this.#lanes, this.#pending, 0, STRIPE_BYTES);
      this.#pendingBytes = 0;
    }
    const whole = at + Math.floor((bytes.length - at) / STRIPE_BYTES) * STRIPE_BYTES;
    consumeStripes(this.#lanes, bytes, at, whole);
    this.#pending.set(bytes.subarray(whole));
    this.#pendingBytes = bytes.length - whole;
  }

  /** The low half of the hash of all that was fed. */
  low32(): number {
    let hash = this.#totalBytes >= STRIPE_BYTES ? mergeLanes(this.#lanes) : PRIME_5;
    hash = add(hash, [this.#totalBytes | 0, Math.floor(this.#totalBytes / 2 ** 32) | 0]);
    hash = avalanche(this.#mixPending(hash));
    return hash[0] >>> 0;
  }

  #mixPending(start: Pair): Pair {
    const bytes = this.#pending;
    const end = this.#pendingBytes;
    let hash = start;
    let at = 0;
    for (; at + 8 <= end; at += 8) {
      const word: Pair = [bytes.readInt32LE(at), bytes.readInt32LE(at + 4)];
      hash = xor(hash, round([0, 0], word));
      hash = add(multiply(rotate(hash, 27), PRIME_1), PRIME_4);
    }
    if (at + 4 <= end) {
      hash = xor(hash, multiply([bytes.readInt32LE(at), 0], PRIME_1));
      hash = add(multiply(rotate(hash, 23), PRIME_2), PRIME_3);
      at += 4;
    }
    for (; at < end; at += 1) {
      hash = xor(hash, multiply([bytes.readUInt8(at), 0], PRIME_5));
      hash = multiply(rotate(hash, 11), PRIME_1);
    }
    return hash;
  }
}

const STRIPE_BYTES = 32;

/** A 64-bit number: its low half, its high half, both as signed 32-bit integers. */
type Pair = readonly [number, number];

const PRIME_1: Pair = [0x85ebca87 | 0, 0x9e3779b1 | 0];
const PRIME_2: Pair = [0x27d4eb4f | 0, 0xc2b2ae3d | 0];
const PRIME_3: Pair = [0x9e3779f9 | 0, 0x165667b1 | 0];
const PRIME_4: Pair = [0xc2b2ae63 | 0, 0x85ebca77 | 0];
const PRIME_5: Pair = [0x165667c5 | 0, 0x27d4eb2f | 0];

/** The inner loop stands by itself, without pairs: it is nearly all of the time. */
function consumeStripes(lanes: Int32Array, bytes: Uint8Array, from: number, to: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [p1, p2] = [PRIME_1, PRIME_2];
  for (let at = from; at < to; at += 8) {
    const lane = ((at - from) & 24) >> 2;
    // accumulator += word * PRIME_2
    const wordLow = view.getInt32(at, true);
    const low = Math.imul(wordLow, p2[0]);
    const high =
      (highHalf(wordLow, p2[0]) +
        Math.imul(wordLow, p2[1]) +
        Math.imul(view.getInt32(at + 4, true), p2[0])) |
      0;
    const sumLow = ((lanes[lane] ?? 0) + low) | 0;
    const carry = sumLow >>> 0 < low >>> 0 ? 1 : 0;
    const sumHigh = ((lanes[lane + 1] ?? 0) + high + carry) | 0;
    // rotate left by 31, multiply by PRIME_1
    const turnedLow = (sumLow << 31) | (sumHigh >>> 1);
    const turnedHigh = (sumHigh << 31) | (sumLow >>> 1);
    lanes[lane] = Math.imul(turnedLow, p1[0]);
    lanes[lane + 1] =
      highHalf(turnedLow, p1[0]) + Math.imul(turnedLow, p1[1]) + Math.imul(turnedHigh, p1[0]);
  }
}

function mergeLanes(lanes: Int32Array): Pair {
  const lane = (index: number): Pair => [lanes[2 * index] ?? 0, lanes[2 * index + 1] ?? 0];
  let hash = add(
    add(rotate(lane(0), 1), rotate(lane(1), 7)),
    add(rotate(lane(2), 12), rotate(lane(3), 18)),
  );
  for (let index = 0; index < 4; index += 1) {
    hash = add(multiply(xor(hash, round([0, 0], lane(index))), PRIME_1), PRIME_4);
  }
  return hash;
}

function round(accumulator: Pair, word: Pair): Pair {
  return multiply(rotate(add(accumulator, multiply(word, PRIME_2)), 31), PRIME_1);
}

function avalanche(hash: Pair): Pair {
  let mixed = multiply(xor(hash, shiftRight(hash, 33)), PRIME_2);
  mixed = multiply(xor(mixed, shiftRight(mixed, 29)), PRIME_3);
  return xor(mixed, shiftRight(mixed, 32));
}

function add(one: Pair, other: Pair): Pair {
  const low = (one[0] + other[0]) | 0;
  const carry = low >>> 0 < other[0] >>> 0 ? 1 : 0;
  return [low, (one[1] + other[1] + carry) | 0];
}

function negative(pair: Pair): Pair {
  return add([~pair[0], ~pair[1]], [1, 0]);
}

function xor(one: Pair, other: Pair): Pair {
  return [one[0] ^ other[0], one[1] ^ other[1]];
}

function multiply(one: Pair, other: Pair): Pair {
  const high =
    highHalf(one[0], other[0]) + Math.imul(one[0], other[1]) + Math.imul(one[1], other[0]);
  return [Math.imul(one[0], other[0]), high | 0];
}

/** Bits 32 to 63 of the product of two unsigned 32-bit numbers. */
function highHalf(one: number, other: number): number {
  const [a, b, c, d] = [one & 0xffff, one >>> 16, other & 0xffff, other >>> 16];
  const cross = b * c + ((a * c) >>> 16);
  const middle = a * d + (cross & 0xffff);
  return (b * d + Math.floor(cross / 65536) + Math.floor(middle / 65536)) | 0;
}

/** Rotates left by fewer than 32 bits. */
function rotate([low, high]: Pair, bits: number): Pair {
  return [(low << bits) | (high >>> (32 - bits)), (high << bits) | (low >>> (32 - bits))];
}

/** Shifts right by 29, 32 or 33 bits, as the mixing does. */
function shiftRight([low, high]: Pair, bits: number): Pair {
  if (bits >= 32) return [high >>> (bits - 32), 0];
  return [(low >>> bits) | (high << (32 - bits)), high >>> bits];
}

function setLane(lanes: Int32Array, index: number, value: Pair): void {
  lanes[2 * index] = value[0];
  lanes[2 * index + 1] = value[1];
}
