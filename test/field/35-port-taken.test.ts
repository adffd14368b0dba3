import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { run, testFolder } from "../support/cli.ts";

test("a web server that has the port is named, with where to go instead, by collect and doctor", async () => {
  const server = createServer((request, response) => {
    response.writeHead(request.method === "POST" ? 501 : 404).end("Unsupported method");
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const home = await testFolder();
  const env = { HOME: home, CCTELEMETRY_HOME: home, CLAUDE_CONFIG_DIR: join(home, "cc") };
  const who = process.platform === "linux" ? `(process ${process.pid})` : "another program";

  for (const more of [[], ["--background"]]) {
    const output = join(home, "x.jsonl");
    const args = ["collect", "--port", String(port), "--grpc-port", "0", "-o", output, ...more];
    const { code, stderr } = await run(args, { env });
    expect(code).toBe(1);
    expect(stderr).toContain(`Port ${port} is taken by `);
    expect(stderr).toContain(who);
    expect(stderr).toMatch(/--port .*cctelemetry init --replace --endpoint http:\/\/127\.0\.0\.1:/);
  }

  await mkdir(env.CLAUDE_CONFIG_DIR);
  const variables = {
    CLAUDE_CODE_ENABLE_TELEMETRY: "1",
    OTEL_METRICS_EXPORTER: "otlp",
    OTEL_LOGS_EXPORTER: "otlp",
    OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf",
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://localhost:${port}`,
  };
  const settings = join(env.CLAUDE_CONFIG_DIR, "settings.json");
  await writeFile(settings, JSON.stringify({ env: variables }));
  const { code, stdout, stderr } = await run(["doctor"], { env });
  expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
  const [first = "", ...rest] = stdout.split("\n");
  expect(first).toMatch(/^✗ .* is no receiver of telemetry/);
  expect(`${first} ${rest[0]}`).toContain(who);
  expect(stdout).toContain("init --replace --endpoint");
  expect(stdout).not.toContain("cannot keep");
});
