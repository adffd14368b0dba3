const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Follows a JSON text that comes in pieces, to see where the object or list it begins with ends. */
export class JsonExtent {
  private depth = 0;
  private begun = false;
  /** Whether nothing but blanks came so far: later a bracket may be part of a prefix. */
  private blank = true;
  private inString = false;
  private escaped = false;

  /** Whether the object or list is all there. */
  get isWhole(): boolean {
    return this.begun && this.depth === 0;
  }

  /** Takes the next piece. Stops where the object or list ends, and gives how many bytes it took. */
  take(bytes: Uint8Array): number {
    let used = 0;
    for (const byte of bytes) {
      if (this.isWhole) return used;
      used++;
      if (this.inString) this.within(byte);
      else if (byte === QUOTE) this.inString = this.begun;
      else if (byte === 0x7b || (byte === 0x5b && (this.begun || this.blank))) {
        this.begun = true;
        this.depth++;
      } else if ((byte === 0x7d || byte === 0x5d) && this.begun) this.depth--;
      if (byte > 0x20) this.blank = false;
    }
    return used;
  }

  private within(byte: number): void {
    if (this.escaped) this.escaped = false;
    else if (byte === BACKSLASH) this.escaped = true;
    else if (byte === QUOTE) this.inString = false;
  }
}
