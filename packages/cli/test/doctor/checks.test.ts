import { describe, expect, test } from "vitest";
import { examine } from "../../src/doctor/checks/all.ts";
import { isThisMachine } from "../../src/doctor/effective.ts";
import type { DoctorFacts } from "../../src/doctor/facts.ts";
import { casesOfArriving } from "./cases-of-arriving.ts";
import { casesOfContents } from "./cases-of-contents.ts";
import { casesOfReaching } from "./cases-of-reaching.ts";
import { casesOfSending } from "./cases-of-sending.ts";
import { facts, NOW, settings, store, wellSet } from "./facts.ts";

const cases = [...casesOfSending, ...casesOfContents, ...casesOfReaching, ...casesOfArriving];

const file = (changes: object = {}) => ({
  path: "/d/otlp/telemetry.jsonl",
  sizeBytes: 10,
  writtenAt: NOW - 3_600_000,
  readable: true,
  open: false,
  ...changes,
});
const folder = (changes: object = {}): DoctorFacts["folder"] => ({
  path: "/d/otlp",
  fault: undefined,
  files: [],
  ...changes,
});
const userEnv = (changes: Record<string, string>) => ({
  settings: [settings({ ...wellSet, ...changes })],
});
const tags = (value: string) => userEnv({ OTEL_RESOURCE_ATTRIBUTES: value });

test("a set-up that is well has nothing but ok", () => {
  expect(examine(facts()).filter(({ level }) => level !== "ok")).toEqual([]);
});

describe("what is wrong is reported by one check, with reason and fix", () => {
  test.each(cases.map((each) => ({ wrong: each[0], each })))("$wrong", ({ each }) => {
    const [, changes, check, level, words, fix] = each;
    const findings = examine(facts(changes)).filter((finding) => finding.check === check);
    const found = findings.find((finding) => finding.level === level);
    expect(found, JSON.stringify(findings)).toBeDefined();
    expect(`${found?.what}\n${found?.why}`).toMatch(words);
    if (fix !== undefined) expect(found?.fix).toMatch(fix);
  });

  test("a failure always says what mends it", () => {
    const failures = cases.flatMap(([, changes]) =>
      examine(facts(changes)).filter(({ level }) => level === "failure"),
    );
    expect(failures.length).toBeGreaterThan(15);
    expect(failures.filter(({ fix }) => fix === undefined || fix === "")).toEqual([]);
  });
});

test.each(["http://127.0.0.1:4318/v1/logs/", "http://127.0.0.1:4318/in/v1/logs?x=1"])(
  "an endpoint of logs may be %s",
  (value) => {
    const own = userEnv({ OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: value });
    expect(examine(facts(own)).filter(({ level }) => level !== "ok")).toEqual([]);
  },
);

test("passwords and tokens in endpoints are shown nowhere", () => {
  const secret = "s3cr3t";
  for (const rest of [":4318", ":4318/v1/logs", ":99999", " :1", "?a"]) {
    for (const scheme of ["http://", "https://", "//", "http:/", "", "ftp://"]) {
      const value = `${scheme}user:${secret}@localhost${rest}?token=${secret}`;
      for (const protocol of ["grpc", "http/json"]) {
        for (const name of ["ENDPOINT", "LOGS_ENDPOINT"]) {
          const set = userEnv({
            OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
            [`OTEL_EXPORTER_OTLP_${name}`]: value,
          });
          const answers = ["refused", "silent", "not-tried", "receives", "tls"] as const;
          const probes = URL.canParse(value)
            ? answers.map((kind) => ({
                url: value,
                protocol,
                answer: { kind, by: "a receiver" as const },
              }))
            : [];
          expect(JSON.stringify(examine(facts({ ...set, probes })))).not.toContain(secret);
        }
      }
    }
  }
});

test("a place where nothing listens is said once, whatever is sent there", () => {
  const ways = [
    "http://localhost:4318/v1/metrics",
    "http://localhost:4318",
    "http://localhost:4318/in",
  ];
  const probes = ways.map((url) => ({
    url,
    protocol: "http/json",
    answer: { kind: "refused" } as const,
  }));
  expect(examine(facts({ probes })).filter(({ check }) => check === "reachable")).toHaveLength(1);
});

test("names of this machine are known in all spellings", () => {
  const known =
    "localhost LOCALHOST. a.localhost ip6-localhost 127.0.0.2 [::1] [::ffff:127.0.0.1] box box.local. BOX";
  for (const name of known.split(" ")) {
    expect(isThisMachine(new URL(`http://${name}`).hostname, "box"), name).toBe(true);
  }
  for (const name of "example.org localhost.example notlocalhost 128.0.0.1 box.example [::2]".split(
    " ",
  )) {
    expect(isThisMachine(new URL(`http://${name}`).hostname, "box"), name).toBe(false);
  }
  expect(isThisMachine("", "")).toBe(false);
});

test("what is wrong with the endpoint of all signals is said once", () => {
  const path = userEnv({ OTEL_EXPORTER_OTLP_ENDPOINT: "http://localhost:4318/v1/logs" });
  expect(examine(facts(path)).filter(({ check }) => check === "endpoint")).toHaveLength(1);
});

test("old releases are one finding with a row each, of which so many are named", () => {
  const versions = Array.from({ length: 50 }, (_, at) => ({
    version: `2.0.${at}`,
    sessions: at + 1,
  }));
  const found = examine(facts({ store: store({ versions }) })).filter(
    ({ check, level }) => check === "version" && level === "note",
  );
  expect(found).toHaveLength(1);
  expect(found[0]?.what).toMatch(/^50 releases of Claude Code/);
  expect(found[0]?.rows).toHaveLength(20);
  expect(found[0]?.rows?.[1]).toMatchObject({ name: "2.0.1", amount: "2 sessions" });
});

describe("what is right is not complained of", () => {
  const well: readonly (readonly [string, Partial<DoctorFacts>])[] = [
    ["a shell that says the same", { env: { OTEL_LOGS_EXPORTER: "otlp" } }],
    ["a shell alone", { env: wellSet, settings: [] }],
    ["percent-encoded tags", tags("workflow_id=.claude-4nq,title=has%20space")],
    [
      "a proxy that leaves loopback alone",
      { env: { HTTP_PROXY: "http://p:1", NO_PROXY: "localhost, 127.0.0.1" } },
    ],
    ...["*", "127.0.0.1:4318", ".example 127.0.0.1"].map(
      (list) =>
        [`exceptions ${list}`, { env: { https_proxy: "http://p:1", no_proxy: list } }] as const,
    ),
    [
      "a list of networks for gRPC",
      {
        env: { https_proxy: "http://p:1", no_proxy: "127.0.0.0/8" },
        ...userEnv({
          OTEL_EXPORTER_OTLP_PROTOCOL: "grpc",
          OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:4317",
        }),
      },
    ],
    ["a slash at the end", userEnv({ OTEL_EXPORTER_OTLP_ENDPOINT: "http://localhost:4318/" })],
    [
      "overrides that price right",
      {
        settings: [
          {
            ...settings(wellSet),
            modelOverrides: [
              ["claude-sonnet-4-5", "us.anthropic.claude-sonnet-4-5-20250929-v1:0"],
              ["claude-opus-4-8", "my-gateway-opus"],
            ],
          },
        ],
      },
    ],
    ["a headers helper", { settings: [{ ...settings(wellSet), hasHeadersHelper: true }] }],
    [
      "other switches",
      userEnv({ OTEL_TRACES_SAMPLER: "always_on", OTEL_BLRP_SCHEDULE_DELAY: "1" }),
    ],
    [
      "gRPC",
      userEnv({
        OTEL_EXPORTER_OTLP_PROTOCOL: "grpc",
        OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:4317",
      }),
    ],
    [
      "an endpoint for each signal",
      userEnv({ OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: "http://127.0.0.1:4318/v1/logs" }),
    ],
    ["other exporters beside ours", userEnv({ OTEL_METRICS_EXPORTER: "prometheus, otlp" })],
    [
      "a run before the set-up",
      { lastTranscript: NOW - 90_000_000, store: store({ lastTime: (NOW - 1e9) * 1000 }) },
    ],
    [
      "a file that is written now",
      { folder: folder({ files: [file({ writtenAt: NOW - 1000 })] }) },
    ],
  ];
  test.each(well)("%s", (_, changes) => {
    expect(examine(facts(changes)).filter(({ level }) => level !== "ok")).toEqual([]);
  });
});
