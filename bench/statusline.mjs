// What a status line costs over the bare start of Node.js, in a session of many requests.
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { figure, median } from "./support/figures.mjs";
import { measured, wallMs } from "./support/measured.mjs";
import { benchFolder, builtProgram, root } from "./support/places.mjs";

/** The most that a status line may take over `node -e 0`, in milliseconds. */
const TARGET_MS = 50;
const SESSION = "17486aec-c0de-4114-ae2a-c0855465eba9";
/** Lines of the file before the first round, each of several requests. */
const LINES = 2000;

/**
 * Alternates `node -e 0` with a status line to which nothing has come and one to which an export
 * request has come.
 *
 * @param {{ rounds: number }} options
 */
export async function benchStatusline({ rounds }) {
  const file = join(benchFolder(), "home", "otlp", "claude-code.jsonl");
  const line = recordedLine();
  mkdirSync(join(benchFolder(), "home", "otlp"), { recursive: true });
  writeFileSync(file, Array.from({ length: LINES }, (_, at) => numbered(line, at)).join(""));
  const program = builtProgram();
  const statusline = [program, "statusline"];
  const input = JSON.stringify({ session_id: SESSION, cost: { total_cost_usd: 1 } });
  await wallMs([...statusline, "--fresh"], input);
  /** @type {Record<"bare" | "same" | "more", number[]>} */
  const times = { bare: [], same: [], more: [] };
  for (let round = 0; round < rounds; round++) {
    times.bare.push(await wallMs(["-e", "0"]));
    times.same.push(await wallMs(statusline, input));
    appendFileSync(file, numbered(line, LINES + round));
    times.more.push(await wallMs(statusline, input));
  }
  for (const kind of /** @type {const} */ (["same", "more"])) {
    const best = Math.min(...times[kind]) - Math.min(...times.bare);
    figure(`statusline_${kind}_over_node_best_ms`, best, { atMost: TARGET_MS });
    const middle = median(times[kind]) - median(times.bare);
    figure(`statusline_${kind}_over_node_median_ms`, middle);
  }
  figure("statusline_more_ratio", median(times.more) / median(times.bare));
  await benchProcessor({ rounds, statusline, input, file, line });
}

/**
 * The same in processor time, which other programs disturb less.
 *
 * @param {{ rounds: number, statusline: readonly string[], input: string, file: string, line: string }} options
 */
async function benchProcessor({ rounds, statusline, input, file, line }) {
  /** @type {Record<"bare" | "same" | "more", number[]>} */
  const times = { bare: [], same: [], more: [] };
  for (let round = 0; round < rounds; round++) {
    times.bare.push((await measured(["-e", "0"])).cpuSeconds);
    times.same.push((await measured(statusline, input)).cpuSeconds);
    appendFileSync(file, numbered(line, LINES + rounds + round));
    times.more.push((await measured(statusline, input)).cpuSeconds);
  }
  for (const kind of /** @type {const} */ (["same", "more"])) {
    const milliseconds = (median(times[kind]) - median(times.bare)) * 1000;
    figure(`statusline_${kind}_cpu_over_node_ms`, milliseconds, { atMost: TARGET_MS });
  }
}

/** An export request with requests of the session, as a Collector wrote it. */
function recordedLine() {
  const recording = join(root, "fixtures", "telemetry", "L-workflow.jsonl");
  const lines = readFileSync(recording, "utf8").split("\n");
  const found = lines.find((each) => each.includes(SESSION) && each.includes("api_request"));
  if (found === undefined) throw new Error("the recording has no such line");
  return found;
}

/** The line as another one, by the ids of its requests. */
function numbered(/** @type {string} */ line, /** @type {number} */ number) {
  return `${line.replaceAll('"req_', `"req_${number}_`)}\n`;
}
