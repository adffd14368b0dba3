// `npm run bench`: all benches; `npm run bench -- import --size 100MB`: one of them.
import { parseArgs } from "node:util";
import { buildAll } from "../scripts/build.mjs";
import { installMissing } from "../scripts/install.mjs";
import { missedTargets } from "./support/figures.mjs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    size: { type: "string", multiple: true, default: ["100MB", "1GB"] },
    rounds: { type: "string" },
    requests: { type: "string", default: "1000000" },
    kills: { type: "string", default: "100" },
    only: { type: "string", multiple: true, default: [] },
    short: { type: "boolean", default: false },
    seconds: { type: "string", default: "60" },
  },
});

/** @type {Readonly<Record<string, () => Promise<void>>>} */
const benches = {
  import: async () => {
    const { benchImport } = await import("./import.mjs");
    await benchImport({ sizes: values.size, rounds: Number(values.rounds ?? 3) });
  },
  dialects: async () => {
    const { benchDialects } = await import("./dialects.mjs");
    await benchDialects({ size: values.size[0] ?? "100MB", rounds: Number(values.rounds ?? 3) });
  },
  startup: async () => {
    const { benchStartup } = await import("./startup.mjs");
    await benchStartup({ rounds: Number(values.rounds ?? 15) });
  },
  statusline: async () => {
    const { benchStatusline } = await import("./statusline.mjs");
    await benchStatusline({ rounds: Number(values.rounds ?? 15) });
  },
  reports: async () => {
    const { benchReports } = await import("./reports.mjs");
    await benchReports({ requests: Number(values.requests), rounds: Number(values.rounds ?? 5) });
  },
  dashboard: async () => {
    const { benchDashboard } = await import("./dashboard.mjs");
    await benchDashboard({ requests: Number(values.requests) });
  },
  live: async () => {
    const { benchLive } = await import("./live.mjs");
    await benchLive();
  },
  contention: async () => {
    const { benchContention } = await import("./contention.mjs");
    const size = values.size.at(-1) ?? "1GB";
    await benchContention({ size, seconds: Number(values.seconds) });
  },
  kill9: async () => {
    const { benchKill9 } = await import("./kill9.mjs");
    await benchKill9({ kills: values.kills });
  },
  receiver: async () => {
    const { benchReceiver } = await import("./receiver.mjs");
    // The kills and faults are part of every test, if fewer of them.
    const parts = positionals.length === 0 ? ["throughput", "overload"] : values.only;
    await benchReceiver({ rounds: Number(values.rounds ?? 3), seconds: 5, only: parts });
  },
  faults: async () => {
    const { benchFaults } = await import("./faults.mjs");
    const short = values.short || positionals.length === 0;
    await benchFaults({ only: values.only, short });
  },
};

const chosen = positionals.length === 0 ? Object.keys(benches) : positionals;
const unknown = chosen.filter((name) => benches[name] === undefined);
if (unknown.length > 0) {
  console.error(`No bench ${unknown.join(", ")}; there are ${Object.keys(benches).join(", ")}.`);
  process.exit(2);
}
await installMissing();
await buildAll();
for (const name of chosen) await benches[name]?.();
process.exitCode = missedTargets() === 0 ? 0 : 1;
