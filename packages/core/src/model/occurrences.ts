import type { Lanes } from "./hash.ts";

const INITIAL = 1 << 13;
/** Lanes, entry, count within the entry, greatest count so far. */
const WIDTH = 7;

/**
 * Numbers equal records. Two equal records of one export request are two
 * records; the same request read a second time holds no new one. So the n-th
 * copy of a content within one resource entry is the record (content, n), and
 * it is new only if no entry of this batch held that many copies before.
 */
export class Occurrences {
  private slots: Int32Array = new Int32Array(INITIAL * WIDTH);
  private table: Int32Array = new Int32Array(INITIAL * 2);
  private mask: number = INITIAL * 2 - 1;
  private size = 0;

  /**
   * Counts a copy of `content` in `entry`. Gives the number of the copy within
   * the entry, from 0, or -1 if the batch holds that copy already.
   */
  count(content: Lanes, entry: number): number {
    const { table, mask } = this;
    let at = content.a & mask;
    for (;;) {
      const index = table[at] as number;
      if (index === 0) break;
      const base = (index - 1) * WIDTH;
      if (this.holds(base, content)) return this.countAgain(base, entry);
      at = (at + 1) & mask;
    }
    this.add(content, entry, at);
    return 0;
  }

  /** Forgets all but the contents of `entry`, which goes on. */
  clear(entry: number): void {
    const { slots, size } = this;
    this.table.fill(0);
    this.size = 0;
    for (let old = 0; old < size; old++) {
      const base = old * WIDTH;
      if (slots[base + 4] !== entry) continue;
      slots.copyWithin(this.size * WIDTH, base, base + WIDTH);
      this.size++;
      this.place(this.size);
    }
  }

  private holds(base: number, content: Lanes): boolean {
    const { slots } = this;
    return (
      slots[base] === content.a &&
      slots[base + 1] === content.b &&
      slots[base + 2] === content.c &&
      slots[base + 3] === content.d
    );
  }

  private countAgain(base: number, entry: number): number {
    const { slots } = this;
    const earlier = slots[base + 4] === entry ? (slots[base + 5] as number) : 0;
    slots[base + 4] = entry;
    slots[base + 5] = earlier + 1;
    if (earlier < (slots[base + 6] as number)) return -1;
    slots[base + 6] = earlier + 1;
    return earlier;
  }

  private add(content: Lanes, entry: number, at: number): void {
    const base = this.size * WIDTH;
    const { slots } = this;
    slots[base] = content.a;
    slots[base + 1] = content.b;
    slots[base + 2] = content.c;
    slots[base + 3] = content.d;
    slots[base + 4] = entry;
    slots[base + 5] = 1;
    slots[base + 6] = 1;
    this.size++;
    this.table[at] = this.size;
    if ((this.size + 1) * WIDTH > slots.length) this.grow();
  }

  private place(index: number): void {
    let at = (this.slots[(index - 1) * WIDTH] as number) & this.mask;
    while (this.table[at] !== 0) at = (at + 1) & this.mask;
    this.table[at] = index;
  }

  private grow(): void {
    const slots = new Int32Array(this.slots.length * 2);
    slots.set(this.slots);
    this.slots = slots;
    this.table = new Int32Array(this.table.length * 2);
    this.mask = this.table.length - 1;
    for (let index = 1; index <= this.size; index++) this.place(index);
  }
}
