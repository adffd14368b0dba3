import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { line, request } from "../../packages/core/test/support/otlp.ts";
import { query, run, testFolder } from "../support/cli.ts";
import { programCommand, start } from "../support/running.ts";

const SESSION = "11111111-aaaa-4bbb-8ccc-000000000056";

/** The times of two requests, minutes ago. */
const ago = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();

test.each([
  [0.99, 1.49, "$1.49"],
  [1, 1.5, "$1.50"],
  [1.25, 1.75, "$1.75"],
  [12.5, 13, "$13.00"],
  [99_999.999999999, 100_000.499999999, "$100,000"],
])("a session with a request of $%d: status line and watch show it", async (cost, sum, shown) => {
  const folder = await testFolder();
  const [file, database] = [join(folder, "telemetry.jsonl"), join(folder, "t.duckdb")];
  const own = { "session.id": SESSION };
  const two = [
    request(ago(3), { ...own, cost_usd: 0.5 }),
    request(ago(2), { ...own, cost_usd: cost }),
  ];
  await writeFile(file, two.map((each) => `${line(each)}\n`).join(""));
  expect((await run(["import", file, "--db", database])).code).toBe(0);

  const stdin = JSON.stringify({ session_id: SESSION, cost: { total_cost_usd: 7 } });
  const env = { CCTELEMETRY_HOME: folder, COLUMNS: "200" };
  const fresh = await run(["statusline", "--fresh", "--db", database], { stdin, env });
  expect(fresh).toMatchObject({ code: 0, stderr: "" });
  expect(fresh.stdout).toContain(shown);
  const kept = await run(["statusline", "--json", "--db", database], { stdin, env });
  expect(JSON.parse(kept.stdout)).toMatchObject({ session: { cost_usd: sum } });

  const watching = start([...programCommand, "watch", file, "--json", "--db", database]);
  await watching.until(() => watching.stdout().includes(`"requests":2`));
  const [state] = watching.stdout().trimEnd().split("\n").slice(-1);
  expect(JSON.parse(state ?? "")).toMatchObject({
    store: { state: "ok" },
    sessions: [{ session_id: SESSION, requests: 2, cost_usd: sum }],
  });
  // What comes now is stored, too.
  await writeFile(file, `${line(request(ago(1), { ...own, cost_usd: cost }))}\n`, { flag: "a" });
  await watching.until(() => watching.stdout().includes(`"requests":3`));
  watching.signal("SIGTERM");
  await watching.ended;
  expect(await query(database, "SELECT count(*) AS requests FROM api_requests")).toEqual([
    { requests: 3 },
  ]);
});
