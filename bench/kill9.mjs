// The tests that kill imports and followers, with as many kills as are asked for.
import { installedFile } from "../scripts/support/paths.mjs";
import { runNode } from "../scripts/support/run.mjs";
import { figure } from "./support/figures.mjs";

/**
 * @param {{ kills: string }} options
 */
export async function benchKill9({ kills }) {
  const vitest = installedFile("vitest", "vitest.mjs");
  const { code } = await runNode(vitest, ["run", "test/faults/kill9-"], {
    show: "inherit",
    env: { KILLS: kills },
  });
  figure(`kill9_${kills}_failures`, code, { atMost: 0 });
}
