import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { releases } from "../../scripts/claude/releases.mjs";
import { query } from "../support/cli.ts";
import { type AllAccounts, accountsOf } from "./support/accounts.ts";
import { startCollector } from "./support/collector.ts";
import { type Lab, openLab, type Result } from "./support/lab.ts";
import { withClaudeCode } from "./support/releases.ts";
import { protocols, telemetryEnvironment } from "./support/telemetry.ts";

const token = "a-token-that-nobody-guesses-0123456789";
const release = releases.newest;

withClaudeCode(`${release.version} with a token, compressed, with traces`, () => {
  let lab: Lab;
  let accounts: AllAccounts;
  let letIn: readonly Result[];
  let turnedAway: readonly Result[];

  beforeAll(async () => {
    lab = await openLab();
    const tokenFile = join(lab.folder, "token");
    await writeFile(tokenFile, `${token}\n`, { mode: 0o600 });
    const collector = await startCollector(lab, { options: ["--token-file", tokenFile] });
    const { endpoints } = collector;
    const run = (protocol: (typeof protocols)[number], known: string): Promise<Result> => {
      const env = {
        ...telemetryEnvironment({ protocol, endpoints, intervalMs: 1000 }),
        OTEL_EXPORTER_OTLP_COMPRESSION: "gzip",
        OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer ${known}`,
        CLAUDE_CODE_ENHANCED_TELEMETRY_BETA: "1",
        OTEL_TRACES_EXPORTER: "otlp",
        OTEL_TRACES_EXPORT_INTERVAL: "1000",
      };
      return lab.run({ release, scenario: "short", env });
    };
    letIn = await Promise.all(protocols.map((protocol) => run(protocol, token)));
    turnedAway = await Promise.all(protocols.map((protocol) => run(protocol, "another")));
    expect(await collector.stop()).toBe(0);
    accounts = await accountsOf(lab, collector.file);
  });
  afterAll(() => lab.close());

  test("Claude Code does not mind being turned away", () => {
    const ends = [...letIn, ...turnedAway].map(({ code, stderr }) => ({ code, stderr }));
    expect(ends).toEqual(ends.map(() => ({ code: 0, stderr: "" })));
  });

  describe.each([...protocols.entries()])("%i: %s", (at, _protocol) => {
    test("with the token all is stored", () => {
      const { served, stored } = accounts.of(letIn.slice(at, at + 1));
      expect(served).toHaveLength(2);
      expect(stored.map(({ requestId }) => requestId)).toEqual(
        served.map((entry) => entry.served.requestId),
      );
    });

    test("with another nothing is", () => {
      const { served, stored } = accounts.of(turnedAway.slice(at, at + 1));
      expect(served).toHaveLength(2);
      expect(stored).toEqual([]);
    });

    test("spans have the same requests", async () => {
      const rows = await query(
        accounts.database,
        `SELECT request_id FROM spans
         WHERE span_name = 'claude_code.llm_request' AND session_id = '${letIn[at]?.session}'
         ORDER BY start_time`,
      );
      const { served } = accounts.of(letIn.slice(at, at + 1));
      expect(rows).toEqual(served.map((entry) => ({ request_id: entry.served.requestId })));
    });
  });
});
