import { appendFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { run } from "../support/cli.ts";
import { eventLine } from "./support/lines.ts";
import { inEachRelease, newest } from "./support/releases.ts";
import { pause } from "./support/waiting.ts";

const ROUNDS = 20;

inEachRelease(
  "one database",
  (desk) => {
    test("serves two windows, an import and queries at once", async () => {
      const setting = await desk().prepare({
        "cctelemetry.status.text": "{icon} {tokens} · {cost}",
      });
      await appendFile(setting.telemetry, eventLine({ number: 1 }));
      const windows = await Promise.all([desk().open(setting), desk().open(setting)]);
      await Promise.all(windows.map((window) => window.shows("1k · $0.25")));
      const other = join(setting.folder, "other.jsonl");
      const yesterday = Date.now() - 86_400_000;
      const lines = Array.from({ length: 20_000 }, (_, index) =>
        eventLine({ number: 100_000 + index, session: "other", time: yesterday }),
      );
      await writeFile(other, lines.join(""));
      const database = ["--db", setting.database];
      let importing = true;
      const imported = run(["import", other, ...database]).finally(() => {
        importing = false;
      });
      const queries: number[] = [];
      const asked = (async () => {
        while (importing || queries.length < 5) {
          const sql = "SELECT count(*) AS n FROM api_requests";
          const { code, stderr } = await run(["query", sql, "--json", ...database]);
          if (code !== 0) throw new Error(stderr);
          queries.push(code ?? 1);
        }
      })();
      for (let number = 2; number <= ROUNDS; number++) {
        await appendFile(setting.telemetry, eventLine({ number }));
        await pause(200);
      }
      const shown = `${ROUNDS}k · $${(ROUNDS / 4).toFixed(2)}`;
      await Promise.all(windows.map((window) => window.shows(shown)));
      expect((await imported).code).toBe(0);
      await asked;
      for (const window of windows) {
        expect(await window.tone()).toBe("plain");
        expect(await window.icons()).toEqual(["pulse"]);
        await window.close();
      }
      const count = await run([
        "query",
        "SELECT count(*) AS n, sum(cost_usd)::DOUBLE AS usd FROM api_requests",
        "--json",
        ...database,
      ]);
      expect(JSON.parse(count.stdout)).toEqual([
        { n: 20_000 + ROUNDS, usd: (20_000 + ROUNDS) / 4 },
      ]);
    });
  },
  { which: newest },
);
