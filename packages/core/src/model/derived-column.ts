import type { Derivation } from "./columns.ts";
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

  constructor(source: ColumnBuffer, target: ColumnBuffer, of: Derivation["of"]) {
    this.source = source;
    this.target = target;
    this.of = of;
  }

  /** Sets the column of a row whose source is set. */
  set(row: number, words: Dictionary): void {
    const source = this.source.codes[row] as number;
    let code = this.codes.get(source);
    if (code === undefined) {
      code = this.codeOf(source, words);
      this.codes.set(source, code);
    }
    if (code !== 0) this.target.setCode(row, code);
  }

  /** Forgets all codes: the dictionary they belong to is gone. */
  forgetTexts(): void {
    this.codes.clear();
  }

  private codeOf(source: number, words: Dictionary): number {
    const text = source === 0 ? undefined : words.text(source);
    const derived = this.of(text);
    if (derived === undefined) return 0;
    if (derived === text) return source;
    return words.internText(hashString(SEED_DERIVED, derived), () => derived);
  }
}
