import type { ByteReader, StreamDamage } from "./bytes.ts";

const STEP_BYTES = 256 * 1024;

/** A growing view of what comes next in a stream, for formats with length prefixes. */
export class ByteWindow {
  /** The stream offset of the next byte. */
  offset: number;
  /** Set when the stream broke before it ended; nothing is read behind the break. */
  damage: StreamDamage | undefined;
  readonly #reader: ByteReader;
  #buffer: Buffer;
  #start = 0;
  #end = 0;
  #finished = false;

  constructor(reader: ByteReader, offset: number, stepBytes = STEP_BYTES) {
    this.#reader = reader;
    this.offset = offset;
    this.#buffer = Buffer.allocUnsafeSlow(stepBytes);
  }

  /** The bytes at hand; valid until the next `need`. */
  get bytes(): Buffer {
    return this.#buffer.subarray(this.#start, this.#end);
  }

  /** Reads until `count` bytes are at hand; false when the stream ends before. */
  async need(count: number): Promise<boolean> {
    if (this.#end - this.#start >= count) return true;
    if (this.#start + count > this.#buffer.length) this.#makeRoom(count);
    while (this.#end - this.#start < count && !this.#finished) {
      const room = this.#buffer.length - this.#end;
      const got = await this.#reader.read(this.#buffer, this.#end, room);
      this.#end += got;
      if (got === 0) {
        this.#finished = true;
        this.damage = this.#reader.damage;
      }
    }
    return this.#end - this.#start >= count;
  }

  /** Passes bytes that are at hand. */
  take(count: number): void {
    this.#start += count;
    this.offset += count;
  }

  #makeRoom(count: number): void {
    const held = this.bytes;
    const target = count > this.#buffer.length ? Buffer.allocUnsafeSlow(2 * count) : this.#buffer;
    target.set(held, 0);
    this.#buffer = target;
    this.#start = 0;
    this.#end = held.length;
  }
}
