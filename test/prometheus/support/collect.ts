import { join } from "node:path";
import { type Sample, samplesOf } from "../../../packages/core/test/support/exposition.ts";
import { programCommand, type Running, start } from "../../support/running.ts";

/** A receiver with a page of metrics. */
export interface Collecting {
  readonly running: Running;
  /** `http://127.0.0.1:4318` */
  readonly otlp: string;
  /** `127.0.0.1:9465` */
  readonly target: string;
  readonly page: () => Promise<string>;
  readonly samples: () => Promise<readonly Sample[]>;
}

/** Starts `collect --metrics` on free ports, with its files in a folder. */
export async function startCollecting(
  folder: string,
  options: readonly string[] = [],
): Promise<Collecting> {
  const running = start(
    [
      ...[...programCommand, "collect", "--json", "--port", "0", "--grpc-port", "off"],
      ...["--metrics", "0", "--output", join(folder, "otlp.jsonl")],
      ...["--db", join(folder, "telemetry.duckdb"), ...options],
    ],
    { CCTELEMETRY_HOME: folder },
  );
  await running.until(() => running.stdout().includes("\n"));
  const { http, metrics } = JSON.parse(running.stdout().split("\n")[0] ?? "") as {
    readonly http: string;
    readonly metrics: string;
  };
  const page = async (): Promise<string> => {
    const answer = await fetch(metrics);
    const text = await answer.text();
    if (answer.status !== 200) throw new Error(`${answer.status}: ${text}`);
    return text;
  };
  return {
    running,
    otlp: http,
    target: new URL(metrics).host,
    page,
    samples: async () => samplesOf(await page()),
  };
}

/** Sends lines of a Collector's file as Claude Code would send their requests. */
export async function sendLines(otlp: string, lines: Iterable<string | Buffer>): Promise<void> {
  for (const line of lines) {
    const text = line.toString();
    const signal = /"resource(Logs|Metrics|Spans)"/.exec(text)?.[1];
    const path = { Logs: "logs", Metrics: "metrics", Spans: "traces" }[signal ?? ""];
    const answer = await fetch(`${otlp}/v1/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: text,
    });
    if (answer.status !== 200) throw new Error(`${answer.status}: ${await answer.text()}`);
  }
}
