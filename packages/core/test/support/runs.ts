/**
 * Where everything that is drawn begins: FAULT_SEED, to repeat a failure; in CI the same each time, so
 * that a change is judged by what it changes; elsewhere by the clock, so that more is seen each time.
 */
export const seed = Number(
  process.env["FAULT_SEED"] ?? (process.env["CI"] ? 20261130 : Date.now() % 1_000_000),
);

/** How often a property is tried; FC_RUNS raises it. */
export function runs(usual: number): number {
  return Number(process.env["FC_RUNS"] ?? usual);
}
