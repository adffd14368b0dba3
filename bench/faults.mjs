// The tests of faults with as many cases as they are meant to have, their table, and docs/faults.md.
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { installedFile } from "../scripts/support/paths.mjs";
import { runNode } from "../scripts/support/run.mjs";
import { between } from "./support/between.mjs";
import { figure } from "./support/figures.mjs";
import { benchFolder, root } from "./support/places.mjs";

/**
 * What a test noted.
 *
 * @typedef {Readonly<Record<string, any>> & { readonly part: string }} Result
 * @typedef {object} Part
 * @property {string} file The test that plays it.
 * @property {Record<string, string>} env How much of it.
 * @property {(results: readonly Result[]) => string} report Prints figures; gives one sentence for the page.
 */

const page = join(root, "docs", "faults.md");
const SCHEDULES = 24;
const none = { atMost: 0, tolerance: 0 };

/** @type {Readonly<Record<string, Part>>} */
const parts = {
  R1: { file: "schedules", env: {}, report: reportSchedules },
  R2: { file: "model", env: { FAULTS_CASES: "10000" }, report: reportModel },
  R3: { file: "kill9-follow", env: { KILLS: "200" }, report: reportKills },
  R5: { file: "nth-io", env: { FAULTS_EVERY: "1" }, report: reportCalls },
  R6: { file: "disk-full", env: {}, report: reportDisk },
  R7: {
    file: "soak",
    env: { FAULTS_SECONDS: "600", FAULTS_ROTATIONS: "1000", FAULTS_EVENTS: "1000000" },
    report: reportSoak,
  },
  C1: { file: "counters", env: { FAULTS_CASES: "2000" }, report: reportCounters },
  C3: { file: "permutation", env: { FAULTS_CASES: "200" }, report: reportPermutations },
};

/**
 * Plays the parts named, or all, each in full unless `short`; writes what came out into docs/faults.md.
 *
 * @param {{ only: readonly string[], short: boolean }} options
 */
export async function benchFaults({ only, short }) {
  const chosen = only.length === 0 ? Object.keys(parts) : only.flatMap((name) => name.split(","));
  for (const name of chosen) {
    const part = parts[name];
    if (part === undefined) {
      throw new Error(`No part ${name}; there are ${Object.keys(parts).join(", ")}.`);
    }
    await play(name, part, short);
  }
}

/**
 * @param {string} name
 * @param {Part} part
 * @param {boolean} short
 */
async function play(name, { file, env, report }, short) {
  const path = join(benchFolder(), `faults-${name}.jsonl`);
  rmSync(path, { force: true });
  const size = short ? {} : env;
  let failed = await test(file, { ...size, FAULTS_RESULTS: path });
  if (name === "R1") failed += await test(file, { FAULTS_READER: "tail", FAULTS_RESULTS: path });
  const noted = existsSync(path) ? readFileSync(path, "utf8").trim().split("\n") : [];
  /** @type {readonly Result[]} */
  const results = noted.map((line) => JSON.parse(line));
  const played = results.filter(({ part }) => part === name);
  const sentence = report(played);
  for (const { what, missing } of results.filter(({ part }) => part === "left out")) {
    console.log(`left out: ${what}, for there is no ${missing.join(", no ")}`);
  }
  figure(`faults_${name}_failures`, failed, none);
  if (!short && played.length > 0) {
    writeFileSync(page, between(readFileSync(page, "utf8"), name, sentence));
  }
}

/**
 * Runs one file of tests; 0 where all passed, else 1.
 *
 * @param {string} file
 * @param {Record<string, string>} env
 */
async function test(file, env) {
  const vitest = installedFile("vitest", "vitest.mjs");
  const args = ["run", `test/faults/${file}.test.ts`];
  const { code } = await runNode(vitest, args, { show: "inherit", env });
  return code === 0 ? 0 : 1;
}

function reportSchedules(/** @type {readonly Result[]} */ results) {
  const of = (/** @type {string} */ reader) =>
    results
      .filter((result) => result["reader"] === reader)
      .sort((one, other) => one["letter"].localeCompare(other["letter"]));
  const [ours, tail] = [of("ours"), of("tail")];
  const rows = ours.map((result) => {
    const reference = tail.find(({ letter }) => letter === result["letter"]);
    const { letter, name, story } = result;
    return `| ${letter} | ${name} | ${story} | ${verdictOf(result)} | ${verdictOf(reference)} |`;
  });
  const sums = ["lost", "doubled", "mangled"].map((kind) => {
    figure(`faults_R1_${kind}`, sumOf(ours, kind), none);
    return `**${sumOf(ours, kind)} ${kind}** against ${sumOf(tail, kind)}`;
  });
  const survived = ours.filter(isClean).length;
  figure("faults_R1_survived", survived, { atLeast: SCHEDULES, tolerance: 0 });
  figure("faults_R1_tail_survived", tail.filter(isClean).length);
  const table = [
    "| | schedule | what happens | cctelemetry | `tail -F` |",
    "|---|---|---|---|---|",
    ...rows,
  ].join("\n");
  console.log(table);
  const total = `**${survived} of ${SCHEDULES}** survived, \`tail -F\` ${tail.filter(isClean).length}`;
  return `${table}\n\n${total}. In all ${sums.join(", ")}.`;
}

function verdictOf(/** @type {Result | undefined} */ result) {
  if (result === undefined) return "–";
  if (isClean(result)) return "ok";
  const kinds = ["lost", "doubled", "mangled"].filter((kind) => result[kind] > 0);
  const counts = kinds.map((kind) => `${kind} ${result[kind]}`);
  return `${counts.join(", ") || "failed"} of ${result["written"]}`;
}

function isClean(/** @type {Result} */ { lost, doubled, mangled, details }) {
  return lost + doubled + mangled === 0 && details.length === 0;
}

function sumOf(/** @type {readonly Result[]} */ results, /** @type {string} */ key) {
  return results.reduce((sum, result) => sum + (result[key] ?? 0), 0);
}

function reportModel(/** @type {readonly Result[]} */ results) {
  const failures = results.flatMap((result) => result["failures"]);
  for (const failure of failures) console.log(failure);
  figure("faults_R2_cases", sumOf(results, "cases"));
  figure("faults_R2_disagreements", failures.length, none);
  return `${sumOf(results, "cases")} histories, ${sumOf(results, "written")} records, ${failures.length} disagreements (seed ${results[0]?.["seed"]}).`;
}

function reportKills(/** @type {readonly Result[]} */ results) {
  const kills = sumOf(results, "kills");
  figure("faults_R3_kills", kills);
  figure("faults_R3_lost", sumOf(results, "lost"), none);
  figure("faults_R3_doubled", sumOf(results, "doubled"), none);
  figure("faults_R3_unopened", kills - sumOf(results, "opened"), none);
  return `${kills} kills: ${sumOf(results, "lost")} lost, ${sumOf(results, "doubled")} doubled of ${sumOf(results, "written")}; the database opened ${sumOf(results, "opened")} times.`;
}

function reportCalls(/** @type {readonly Result[]} */ results) {
  const sentences = results.map(({ what, faults, silent }) => {
    for (const each of silent) console.log(`${what}: ${each}`);
    figure(`faults_R5_${what}`, faults);
    figure(`faults_R5_${what}_not_survived`, silent.length, none);
    return `${what}: ${faults - silent.length} of ${faults}`;
  });
  return `Faults survived: ${sentences.join(", ")}.`;
}

function reportDisk(/** @type {readonly Result[]} */ results) {
  const sentences = results.map((result) => {
    figure(`faults_R6_${result["what"]}_lost`, result["lost"], none);
    return `disk of the ${result["what"]}: ${verdictOf(result)}`;
  });
  return `${sentences.join("; ")}.`;
}

function reportSoak(/** @type {readonly Result[]} */ results) {
  const [result] = results;
  if (result === undefined) return "not run.";
  const { seconds, rotations, events, lagP50, lagP99, growthMb, residentMb, cpuShare } = result;
  figure("faults_R7_lag_p50_ms", lagP50);
  figure("faults_R7_lag_p99_ms", lagP99, { atMost: 1_000 });
  figure("faults_R7_descriptors_more", result["descriptors"], { atMost: 12 });
  figure("faults_R7_growth_second_half_mb", growthMb);
  figure("faults_R7_resident_mb", residentMb);
  figure("faults_R7_cpu_ratio", cpuShare);
  return `${events} events and ${rotations} rotations in ${seconds} s: lag p50 ${lagP50.toFixed(0)} ms, p99 ${lagP99.toFixed(0)} ms; ${residentMb.toFixed(0)} MB resident, ${growthMb.toFixed(1)} MB more over the second half; ${result["descriptors"]} descriptors more than at the start; ${verdictOf(result)}.`;
}

function reportCounters(/** @type {readonly Result[]} */ results) {
  figure("faults_C1_sessions", sumOf(results, "sessions"));
  return `${sumOf(results, "sessions")} sessions, every token and every nano-dollar as it was.`;
}

function reportPermutations(/** @type {readonly Result[]} */ results) {
  figure("faults_C3_arrangements", sumOf(results, "arrangements"));
  figure("faults_C3_contents", sumOf(results, "contents"), { atMost: 1, tolerance: 0 });
  return `${sumOf(results, "arrangements")} arrangements, ${sumOf(results, "contents")} content.`;
}
