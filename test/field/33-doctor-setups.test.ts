import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freePorts } from "../receiver/support/collect-process.ts";
import { folderForFile, run, testFolder } from "../support/cli.ts";
import { programCommand, start } from "../support/running.ts";
import { absolute } from "../support/source-tree.ts";

const inputs = absolute("fixtures/field/33-doctor-setups");
const folder = folderForFile(beforeAll, afterAll);

/** Variables of the machine that runs the tests, which doctor must not see. */
const others = Object.fromEntries(
  Object.keys(process.env)
    .filter((name) => /^(OTEL_|CLAUDE|(https?|all|grpc|no)_proxy$)/i.test(name))
    .map((name) => [name, ""]),
);

interface Row {
  readonly check: string;
  readonly level: string;
  readonly what: string;
  readonly why: string | null;
  readonly fix: string | null;
}

/** What doctor finds in a set-up while a receiver of ours listens where it sends to. */
async function examined(name: string): Promise<readonly Row[]> {
  const home = await testFolder();
  const config = join(home, "cc");
  await mkdir(config);
  const ports = await freePorts();
  const at = ["--port", String(ports.http), "--grpc-port", String(ports.grpc)];
  const env = {
    ...others,
    HOME: home,
    CCTELEMETRY_HOME: home,
    CLAUDE_CONFIG_DIR: config,
    PATH: "",
  };
  const collect = start([...programCommand, "collect", ...at, "-o", join(home, "o.jsonl")], env);
  await collect.until(() => collect.stdout().includes("writing to"));
  const text = await readFile(join(inputs, `${name}.json`), "utf8");
  const settings = text
    .replaceAll("24318", String(ports.http))
    .replaceAll("24317", String(ports.grpc));
  await writeFile(join(config, "settings.json"), settings);
  const { stdout } = await run(["doctor", "--json"], { env, cwd: folder() });
  collect.signal("SIGTERM");
  await collect.ended;
  return (JSON.parse(stdout) as Row[]).filter(({ level }) => level !== "ok");
}

type Found = readonly [check: string, level: string, words: RegExp];

/** The findings that a set-up is to have; no failure beside them. */
const setUps: readonly (readonly [name: string, found: readonly Found[]])[] = [
  [
    "a-path-in-endpoint",
    [
      ["endpoint", "failure", /ends in a signal's path/],
      ["reachable", "failure", /not at the path \/v1\/logs\/v1\//],
    ],
  ],
  ["b-https", [["reachable", "failure", /speaks no TLS/]]],
  ["c-grpc-on-http", [["reachable", "failure", /does not speak grpc/]]],
  ["d-bad-protocol", [["protocol", "failure", /"http" in .* is not one of grpc, http\/json/]]],
  [
    "e-telemetry-block",
    [
      ["strays", "failure", /has "telemetry", which Claude Code does not know/],
      ["switched-on", "failure", /is not set/],
    ],
  ],
  [
    "f-oltp-typo",
    [
      ["names", "failure", /OTEL_EXPORTER_OTLP_PROTOCOL is meant/],
      ["names", "failure", /OTEL_EXPORTER_OTLP_ENDPOINT is meant/],
      ["names", "failure", /CLAUDE_CODE_ENHANCED_TELEMETRY_BETA is meant/],
    ],
  ],
  ["g-no-exporters", [["exporters", "failure", /LOGS_EXPORTER and OTEL_METRICS_EXPORTER/]]],
  ["h-metrics-only", [["exporters", "warning", /OTEL_LOGS_EXPORTER does not name otlp/]]],
  ["i-interval", [["shape", "warning", /INTERVAL is "60s"/]]],
  [
    "j-spaces",
    [
      ["blanks", "warning", /OTEL_LOGS_EXPORTER, OTEL_EXPORTER_OTLP_ENDPOINT/],
      ["exporters", "failure", /names "OTLP"/],
    ],
  ],
  ["k-sdk-disabled", [["shape", "warning", /OTEL_SDK_DISABLED is "true"/]]],
  [
    "l-per-signal",
    [
      ["endpoint", "failure", /has no signal's path/],
      ["reachable", "failure", /not at the path \//],
    ],
  ],
  ["m-docker-host", [["reachable", "note", /machine around a container/]]],
  ["n-headers-helper-grpc", [["shape", "warning", /otelHeadersHelper .* no effect with gRPC/]]],
  ["o-noscheme", [["endpoint", "failure", /no http:\/\/ in front/]]],
  ["p-noscheme-grpc", [["endpoint", "failure", /no http:\/\/ in front/]]],
  ["q-switch-true", []],
  ["r-number-value", []],
  ["s-proxy", [["proxy", "failure", /HTTP_PROXY .* applies to localhost/]]],
  ["t-proxy-grpc", [["proxy", "failure", /https_proxy .* applies to localhost/]]],
  ["u-cumulative", [["shape", "note", /sent as "cumulative"/]]],
  ["v-attr-spaces", [["attributes", "warning", /not allowed.*department, cost center, team/]]],
  ["w-trailing-slash", []],
  ["x-otlp-subpath", [["reachable", "failure", /not at the path \/otlp\/v1\//]]],
];

test.each(setUps)("%s gets its own finding", async (name, found) => {
  const rows = await examined(name);
  for (const [check, level, words] of found) {
    const matches = rows.filter((row) => row.check === check && words.test(row.what));
    expect(matches, JSON.stringify(rows, null, 1)).toHaveLength(1);
    expect(matches[0]).toMatchObject({ level });
  }
  // Without an endpoint it goes to port 4318, where anybody may listen or nobody.
  const failures = rows.filter(
    ({ level, what }) => level === "failure" && !what.includes("http://localhost:4318"),
  );
  const expected = found.filter(([, level]) => level === "failure").length;
  expect(failures.length, JSON.stringify(failures, null, 1)).toBe(expected);
  for (const { fix } of failures) expect(fix).toMatch(/\w/);
  expect(JSON.stringify(rows)).not.toContain("null is another machine");
});
