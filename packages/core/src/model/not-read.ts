import { isOtherForm } from "./other-forms.ts";

/** Lines that were not read for one reason. */
export interface NotRead {
  /** As it stands in rejected_lines. */
  readonly reason: string;
  /** In a sentence; of the first of the lines, where each has its own. */
  readonly detail: string;
  readonly lines: number;
  /** "other": they are whole and hold no telemetry; "damaged": something of them is missing. */
  readonly kind: "other" | "damaged";
}

/** Sums up why lines were not read, the most frequent reason first. */
export class NotReadTally {
  private readonly sums: Map<string, { reason: string; detail: string; lines: number }> = new Map();

  /** Counts lines, or takes them back with a number below zero. */
  add(reason: string, detail: string, lines: number): void {
    const key = `${reason}\0${isOtherForm(detail) || reason === "unknown-format" ? detail : ""}`;
    const sum = this.sums.get(key);
    if (sum === undefined) this.sums.set(key, { reason, detail, lines });
    else sum.lines += lines;
  }

  /** Counts what was rejected of one line each. */
  addEach(rejections: readonly { readonly reason: string; readonly detail: string }[]): void {
    for (const { reason, detail } of rejections) this.add(reason, detail, 1);
  }

  /** Counts what another one has counted. */
  addAll(other: NotReadTally): void {
    for (const { reason, detail, lines } of other.sums.values()) this.add(reason, detail, lines);
  }

  /** All reasons with their lines. */
  list(): readonly NotRead[] {
    return [...this.sums.values()]
      .filter(({ lines }) => lines > 0)
      .sort((one, other) => other.lines - one.lines)
      .map((sum) => ({ ...sum, kind: isOtherForm(sum.detail) ? "other" : "damaged" }));
  }
}
