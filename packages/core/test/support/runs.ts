/** How often a property is tried; FC_RUNS raises it. */
export function runs(usual: number): number {
  return Number(process.env["FC_RUNS"] ?? usual);
}
