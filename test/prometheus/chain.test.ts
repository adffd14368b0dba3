import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { linesOf } from "../../packages/core/test/support/fixtures.ts";
import { testFolder } from "../support/cli.ts";
import { absolute } from "../support/source-tree.ts";
import { eventLine } from "../vscode/support/lines.ts";
import { sendLines, startCollecting } from "./support/collect.ts";
import { pathOf, startAlertmanager, startPrometheus, withPrometheus } from "./support/programs.ts";
import { startSinks } from "./support/sinks.ts";

const documented = (name: string): string => absolute(`docs/prometheus/${name}`);

/** How soon an alert arrives everywhere, counted from the line that sets it off. */
const SOON_MS = 15_000;

interface Usage {
  readonly tokens: Readonly<Record<string, number>>;
  readonly cost_usd: number;
}

interface Task {
  readonly workflow_id: string;
  readonly stage: string;
  readonly agent: string;
  readonly logs: Usage;
}

const { by_task: tasks, logs } = JSON.parse(
  readFileSync(absolute("fixtures/telemetry/L-workflow.truth.json"), "utf8"),
) as { readonly by_task: readonly Task[]; readonly logs: { by_model: Record<string, Usage> } };

const costOf = ({ logs: { cost_usd } }: Task): number => cost_usd;
const tokensIn = ({ tokens }: Usage): number => Object.values(tokens).reduce((a, b) => a + b, 0);
const tokensOf = (task: Task): number => tokensIn(task.logs);

/** A sum over the tasks that a condition chooses, by a key; of cost only where there was one. */
function sums(
  key: (task: Task) => string,
  value: (task: Task) => number,
  chosen: (task: Task) => boolean = () => true,
): Record<string, number> {
  const all: Record<string, number> = {};
  for (const task of tasks.filter(chosen)) {
    const amount = value(task);
    if (amount !== 0) all[key(task)] = (all[key(task)] ?? 0) + amount;
  }
  return all;
}

const inWorkflow = ({ workflow_id }: Task): boolean => workflow_id === ".claude-4nq";

/** What orchestrators ask of their workflows, and what the recording of one gives. */
const queries: readonly (readonly [string, Readonly<Record<string, number>>])[] = [
  ["sum by (workflow_id) (claude_code_cost_usage)", sums(({ workflow_id }) => workflow_id, costOf)],
  ['sum(claude_code_token_usage{workflow_id=".claude-4nq"})', sums(() => "", tokensOf, inWorkflow)],
  [
    'sum(claude_code_token_usage{stage="analyze",agent="analyst"})',
    sums(
      () => "",
      tokensOf,
      ({ stage, agent }) => stage === "analyze" && agent === "analyst",
    ),
  ],
  [
    'sum by (stage) (claude_code_cost_usage{workflow_id=".claude-4nq"})',
    sums(({ stage }) => stage, costOf, inWorkflow),
  ],
  [
    "sum by (stage, agent) (claude_code_token_usage)",
    sums(({ stage, agent }) => `${stage} ${agent}`, tokensOf),
  ],
  [
    'sum by (model) (claude_code_token_usage{stage="implement"})',
    sums(
      () => "claude-sonnet-5-5",
      tokensOf,
      ({ stage }) => stage === "implement",
    ),
  ],
  [
    "sum by (model) (claude_code_token_usage)",
    Object.fromEntries(
      Object.entries(logs.by_model).map(([model, usage]) => [model, tokensIn(usage)]),
    ),
  ],
];

withPrometheus("Prometheus and Alertmanager", () => {
  test("take the documented files, and the rules do what they say", () => {
    const promtool = (...args: readonly string[]) =>
      spawnSync(pathOf("promtool"), args, { encoding: "utf8", cwd: dirname(documented("x")) });
    for (const args of [
      ["check", "config", "prometheus.yml"],
      ["check", "rules", "rules.yml"],
      ["test", "rules", "rules.test.yml"],
    ]) {
      const { status, stdout, stderr } = promtool(...args);
      expect([status, status === 0 ? "" : stdout + stderr], args.join(" ")).toEqual([0, ""]);
    }
    execFileSync(pathOf("amtool"), ["check-config", documented("alertmanager.yml")]);
  });

  test("answer what the documents ask, and an alert arrives as web hook, in Slack and by mail", async () => {
    const folder = await testFolder();
    const sinks = await startSinks();
    const alerts = await startAlertmanager(await alertmanagerConfig(folder, sinks), folder);
    const collecting = await startCollecting(folder, ["--metrics-days", "36500"]);
    const { url } = await startPrometheus(
      await prometheusConfig(folder, collecting.target, new URL(alerts.url).host),
      folder,
    );
    const check = spawnSync(pathOf("promtool"), ["check", "metrics"], {
      input: await collecting.page(),
    });
    expect(check.stderr.toString()).not.toContain("error while linting");

    await sendLines(collecting.otlp, linesOf("L-workflow.jsonl"));
    for (const [query, expected] of queries) {
      await expect.poll(() => answer(url, query), { message: query }).toEqual(close(expected));
    }
    // The recording is older than three days, which fires an alert of another severity.
    expect(await answer(url, 'ALERTS{severity="warning"}')).toEqual({});

    const began = performance.now();
    const resource = { workflow_id: "w1", stage: "implement" };
    await sendLines(collecting.otlp, [eventLine({ number: 1, costUsd: 30, resource })]);
    const sentence = "Stage implement of w1 cost $30.00.";
    for (const place of ["/alerts", "/slack", "mail"]) {
      await expect.poll(() => sinks.got(place).join("\n"), { message: place }).toContain(sentence);
    }
    const tookMs = performance.now() - began;
    process.stdout.write(`FIGURE alert_everywhere_ms=${tookMs.toFixed(0)}\n`);
    expect(tookMs).toBeLessThan(SOON_MS);
    const hook = JSON.parse(sinks.got("/alerts")[0] ?? "") as { readonly status: string };
    expect(hook.status).toBe("firing");
    expect(sinks.got("mail")[0]).toContain("To: team@example.com");
  });
});

/** The values of a query, by their labels in one text. */
async function answer(url: string, query: string): Promise<Record<string, number>> {
  const asked = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(query)}`);
  const { status, error, data } = (await asked.json()) as {
    readonly status: string;
    readonly error?: string;
    readonly data?: {
      readonly result: readonly {
        readonly metric: Record<string, string>;
        readonly value: [number, string];
      }[];
    };
  };
  if (status !== "success") throw new Error(`${query}: ${error}`);
  return Object.fromEntries(
    (data?.result ?? []).map(({ metric, value }) => [
      ["workflow_id", "stage", "agent", "model"].flatMap((label) => metric[label] ?? []).join(" "),
      Number(value[1]),
    ]),
  );
}

function close(numbers: Readonly<Record<string, number>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(numbers).map(([key, value]) => [key, expect.closeTo(value, 9)]),
  );
}

/** The documented configuration with these addresses, and a second in place of its intervals. */
async function prometheusConfig(
  folder: string,
  target: string,
  alertmanager: string,
): Promise<string> {
  const config = parse(await readFile(documented("prometheus.yml"), "utf8"));
  config.global = { scrape_interval: "1s", evaluation_interval: "1s" };
  config.rule_files = [documented("rules.yml")];
  config.alerting.alertmanagers[0].static_configs[0].targets = [alertmanager];
  config.scrape_configs[0].static_configs[0].targets = [target];
  return written(join(folder, "prometheus.yml"), config);
}

/** The documented configuration with these receivers, and a second in place of its waits. */
async function alertmanagerConfig(
  folder: string,
  sinks: { readonly http: string; readonly mail: string },
): Promise<string> {
  const config = parse(await readFile(documented("alertmanager.yml"), "utf8"));
  config.global.smtp_smarthost = sinks.mail;
  Object.assign(config.route, { group_wait: "1s", group_interval: "1s" });
  const [everybody] = config.receivers;
  everybody.webhook_configs[0].url = `${sinks.http}/alerts`;
  everybody.slack_configs[0].api_url = `${sinks.http}/slack`;
  return written(join(folder, "alertmanager.yml"), config);
}

async function written(path: string, config: unknown): Promise<string> {
  await writeFile(path, stringify(config));
  return path;
}
