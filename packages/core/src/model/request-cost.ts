import type { ColumnBuffer } from "./table-buffer.ts";
import { integerWords } from "./values.ts";

/** Billionths in a thousand million USD: the first amount that is none, as in a DECIMAL(18,9). */
export const END_OF_MONEY: bigint = 10n ** 18n;

const NANO_PER_MICRO = 1000n;

/**
 * What a request costs, billionths of a USD: `sent` is what cost_usd means, rounded, and counts if
 * it is there; else `micros`, millionths of a USD, say it. Undefined where neither was sent as an
 * amount: the cost is unknown, not nothing.
 */
export function requestCost(
  sent: bigint | undefined,
  micros: bigint | undefined,
): bigint | undefined {
  if (sent !== undefined || micros === undefined) return sent;
  const nanos = micros * NANO_PER_MICRO;
  return nanos < END_OF_MONEY && nanos > -END_OF_MONEY ? nanos : undefined;
}

/** Decides what each request of a table costs, when its attributes are set. */
export class CostColumn {
  private readonly cost: ColumnBuffer;
  private readonly micros: ColumnBuffer;
  private readonly fromMicros: ColumnBuffer;

  constructor(cost: ColumnBuffer, micros: ColumnBuffer, fromMicros: ColumnBuffer) {
    this.cost = cost;
    this.micros = micros;
    this.fromMicros = fromMicros;
  }

  /** Sets the cost of a row to which no cost_usd was sent. */
  set(row: number): void {
    if (!this.cost.isNull(row) || this.micros.isNull(row)) return;
    const cost = requestCost(undefined, this.micros.integerAt(row));
    if (cost === undefined) return;
    this.cost.setWords(row, ...integerWords(cost));
    this.fromMicros.setCode(row, 2);
  }
}
