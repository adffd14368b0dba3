import { createServer } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { releases } from "../../scripts/claude/releases.mjs";
import { programCommand } from "../support/running.ts";
import { type Lab, openLab } from "./support/lab.ts";
import { servedEntries, totalsBy } from "./support/ledger.ts";
import { withClaudeCode } from "./support/releases.ts";
import { until } from "./support/running.ts";

/** What a line of `watch --json` says of a session. */
interface LiveLine {
  readonly sessions: readonly {
    readonly session_id: string;
    readonly requests: number;
    readonly total_tokens: number;
    readonly cost_usd: number;
  }[];
}

withClaudeCode("from nothing to live numbers", () => {
  let lab: Lab;

  beforeEach(async () => {
    lab = await openLab();
  });
  afterEach(() => lab.close());

  const cctelemetry = async (...args: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await lab.program([...programCommand, ...args]).ended;
    if (code !== 0) throw new Error(`${args.join(" ")}: ${stderr}`);
    return stdout;
  };

  test("init, collect, watch, and then claude as ever", async () => {
    const ports = lab.loopback.isIsolated ? undefined : [await freePort(), await freePort()];
    const [http, grpc] = ports ?? [];
    const endpoint = ports === undefined ? [] : ["--endpoint", `http://127.0.0.1:${http}`];
    const elsewhere = ports === undefined ? [] : ["--port", `${http}`, "--grpc-port", `${grpc}`];

    await cctelemetry("init", "--yes", ...endpoint);
    await cctelemetry("collect", "--background", ...elsewhere);
    const watch = lab.program([...programCommand, "watch", "--json"]);
    try {
      await until(() => watch.stdout().includes("\n"), watch.stderr);
      const { code, stderr, session } = await lab.run({
        release: releases.newest,
        scenario: "tools",
      });
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });

      const served = Object.values(totalsBy(servedEntries(lab.api.ledger, new Map()), () => "all"));
      const [{ requests, input, output, cacheRead, cacheCreation, nanoUsd } = nothing] = served;
      const shown = (): LiveLine["sessions"] => newest(watch.stdout())?.sessions ?? [];
      await until(
        () => shown().some((line) => line.requests === requests),
        () => JSON.stringify(shown()),
      );
      expect(shown()).toMatchObject([
        {
          session_id: session,
          requests,
          total_tokens: input + output + cacheRead + cacheCreation,
          cost_usd: nanoUsd / 1e9,
        },
      ]);
    } finally {
      await cctelemetry("collect", "stop");
    }
  });
});

const nothing = { requests: 0, input: 0, output: 0, cacheRead: 0, cacheCreation: 0, nanoUsd: 0 };

/** The last whole line. */
function newest(lines: string): LiveLine | undefined {
  const line = lines.split("\n").at(-2);
  return line === undefined ? undefined : (JSON.parse(line) as LiveLine);
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" ? (address?.port ?? 0) : 0));
    });
  });
}
