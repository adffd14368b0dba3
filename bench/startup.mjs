// What a query costs over the bare start of Node.js.
import { join } from "node:path";

import { figure, median } from "./support/figures.mjs";
import { wallMs } from "./support/measured.mjs";
import { benchFolder, builtProgram, root } from "./support/places.mjs";

/** The most that `query "select 1"` may take over `node -e 0`, in milliseconds. */
const TARGET_MS = 180;

/**
 * Alternates `node -e 0` and `cctelemetry query "select 1"`.
 *
 * @param {{ rounds: number }} options
 */
export async function benchStartup({ rounds }) {
  const database = join(benchFolder(), "startup.duckdb");
  const program = builtProgram();
  await wallMs([program, "import", join(root, "fixtures", "telemetry"), "--db", database]);
  const query = [program, "query", "select 1", "--db", database];
  await wallMs(query);
  /** @type {number[]} */
  const bare = [];
  /** @type {number[]} */
  const whole = [];
  for (let round = 0; round < rounds; round++) {
    bare.push(await wallMs(["-e", "0"]));
    whole.push(await wallMs(query));
  }
  figure("node_start_best_ms", Math.min(...bare));
  figure("node_start_median_ms", median(bare));
  figure("query_best_ms", Math.min(...whole));
  figure("query_over_node_best_ms", Math.min(...whole) - Math.min(...bare), { atMost: TARGET_MS });
  figure("query_over_node_median_ms", median(whole) - median(bare));
}
