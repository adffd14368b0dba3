import type { Derivation } from "./column.ts";
import type { Dictionary } from "./dictionary.ts";
import type { ColumnBuffer } from "./table-buffer.ts";
import { hashString } from "./values.ts";

const SEED_DERIVED = 0x64657269;

/** A text column that follows from another: worked out once for each text of the batch's dictionary. */
export class DerivedColumn {
  private readonly source: ColumnBuffer;
  private readonly target: ColumnBuffer;
  private readonly of: Derivation["of"];
  /** Codes of the target by codes of the source. */
  private readonly codes: Map<number, number> = new Map();
  /** What was asked last, since rows in a row mostly have one text; -1 for nothing. */
  private lastSource = -1;
  private lastCode = 0;

  constructor(source: ColumnBuffer, target: ColumnBuffer, of: Derivation["of"]) {
    this.source = source;
    this.target = target;
    this.of = of;
  }

  /** Sets the column of a row whose source is set. */
  set(row: number, words: Dictionary): void {
    const source = this.source.codes[row] as number;
    if (source !== this.lastSource) {
      this.lastCode = this.known(source, words);
      this.lastSource = source;
    }
    if (this.lastCode !== 0) this.target.setCode(row, this.lastCode);
  }

  /** Forgets all codes: the dictionary they belong to is gone. */
  forgetTexts(): void {
    this.codes.clear();
    this.lastSource = -1;
  }

  private known(source: number, words: Dictionary): number {
    const known = this.codes.get(source);
    if (known !== undefined) return known;
    const code = this.codeOf(source, words);
    this.codes.set(source, code);
    return code;
  }

  private codeOf(source: number, words: Dictionary): number {
    const text = source === 0 ? undefined : words.text(source);
    const derived = this.of(text);
    if (derived === undefined) return 0;
    if (derived === text) return source;
    return words.internText(hashString(SEED_DERIVED, derived), () => derived);
  }
}
