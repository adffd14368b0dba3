import { canonicalModel } from "@cctelemetry/core";
import type { Check, SettingsFacts } from "../facts.ts";
import { findingsFor } from "../finding.ts";

/** Whether settings let one Claude model stand for another: no release prices that right. */
export const modelOverrides: Check = ({ settings }) => {
  const { warning } = findingsFor("model-overrides");
  return settings.flatMap((file) => {
    const pairs = mispriced(file);
    if (pairs.length === 0) return [];
    const shown = pairs.slice(0, MOST_PAIRS).map(([model, asked]) => `${asked} as ${model}`);
    const more = pairs.length > MOST_PAIRS ? ", …" : "";
    return [
      warning({
        what: `modelOverrides in ${file.path} price ${shown.join(", ")}${more}`,
        why: "A known defect of all releases: a request is priced by the name that is overridden, up to three times too high or too low.",
        fix: `Remove them and choose models by name (--model); see the difference: cctelemetry query "SELECT model, sum(cost_usd), sum(list_cost_usd) FROM list_costs GROUP BY model"`,
      }),
    ];
  });
};

const MOST_PAIRS = 3;

/** Entries whose value is a Claude model other than the key's; the name of a gateway is priced right. */
function mispriced({ modelOverrides }: SettingsFacts): SettingsFacts["modelOverrides"] {
  return modelOverrides.filter(([model, asked]) => {
    const name = canonicalModel(asked);
    return name.startsWith("claude-") && name !== canonicalModel(model);
  });
}
