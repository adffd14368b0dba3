import { execFileSync, spawnSync } from "node:child_process";
import { appendFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import headless from "@xterm/headless";
import { describe, expect, onTestFinished, test } from "vitest";
import { query, run, testFolder } from "./support/cli.ts";
import { fixture } from "./support/fixtures.ts";
import { programCommand, type Running, start } from "./support/running.ts";
import { requestLine } from "./support/telemetry.ts";

const RECORDED = (await readFile(fixture("L-workflow.jsonl"), "utf8")).trimEnd().split("\n");

/** The recording's lines as if they had been written a moment ago, today. */
function today(): readonly string[] {
  const last = RECORDED.flatMap((line) => line.match(/\b1[78]\d{17}\b/g) ?? [])
    .toSorted()
    .at(-1);
  const delta = BigInt(Date.now()) * 1_000_000n - BigInt(last ?? 0);
  return RECORDED.map((line) =>
    line.replace(/\b1[78]\d{17}\b/g, (nanos) => String(BigInt(nanos) + delta)),
  );
}

/** A folder, its database, and a telemetry file in it that may not be there yet. */
async function place(): Promise<{ folder: string; file: string; database: string }> {
  const folder = await testFolder();
  return { folder, file: join(folder, "otel.jsonl"), database: join(folder, "t.duckdb") };
}

function watch(...args: readonly string[]): Running {
  return start([...programCommand, "watch", ...args]);
}

interface State {
  readonly store: { readonly state: string };
  readonly files: readonly { readonly path: string; readonly state: string }[];
  readonly today: Readonly<Record<string, number | null>>;
  readonly sessions: readonly Readonly<Record<string, unknown>>[];
}

/** The last state that `watch --json` printed. */
function stateOf(running: Running): State | undefined {
  const line = running.stdout().trimEnd().split("\n").at(-1) ?? "";
  return line === "" ? undefined : (JSON.parse(line) as State);
}

describe("watch --json", () => {
  test("prints each change in a line, and ends with the numbers of the database", async () => {
    const { file, database } = await place();
    const running = watch(file, "--json", "--db", database);
    await running.until(() => stateOf(running)?.files[0]?.state === "waiting");
    for (const line of today()) {
      await appendFile(file, `${line}\n`);
      await new Promise((done) => setTimeout(done, 20));
    }
    await running.until(() => stateOf(running)?.today["requests"] === 25);
    running.signal("SIGTERM");
    expect(await running.ended).toBe(143);
    expect(running.stderr()).toBe("");

    const state = stateOf(running);
    const [stored] = await query(
      database,
      `SELECT sum(requests) AS requests, sum(total_tokens) AS total_tokens, sum(cost_usd) AS cost_usd,
         count(DISTINCT session_id) AS sessions FROM usage`,
    );
    const totals = { ...stored };
    expect(state?.today).toMatchObject({ ...totals, cost_usd: Number(totals["cost_usd"]) });
    expect(state?.sessions).toHaveLength(7);
    const lines = running.stdout().trimEnd().split("\n");
    expect(lines.length).toBeGreaterThan(2);
    for (const line of lines) expect(() => JSON.parse(line) as unknown).not.toThrow();
  });

  test("begins with what the database holds already", async () => {
    const { file, database } = await place();
    await writeFile(file, `${today().join("\n")}\n`);
    await run(["import", file, "--db", database]);
    const running = watch(file, "--json", "--db", database);
    await running.until(() => running.stdout().includes("\n"));
    running.signal("SIGTERM");
    await running.ended;
    const [first = ""] = running.stdout().split("\n");
    expect(JSON.parse(first)).toMatchObject({ catching_up: null, today: { requests: 25 } });
  });

  test("never more than five lines a second", async () => {
    const { file, database } = await place();
    await writeFile(file, `${requestLine(0)}\n`);
    const running = watch(file, "--json", "--db", database);
    await running.until(() => running.stdout() !== "");
    const began = performance.now();
    const before = running.stdout().split("\n").length;
    for (let number = 1; number <= 100; number++) {
      await appendFile(file, `${requestLine(number)}\n`);
      await new Promise((done) => setTimeout(done, 10));
    }
    const lines = running.stdout().split("\n").length - before;
    expect(lines).toBeLessThanOrEqual(((performance.now() - began) / 1000) * 5 + 1);
  });

  test("a reader that goes away is no error", async () => {
    const { file, database } = await place();
    await writeFile(file, `${requestLine(0)}\n`);
    const shell = '"$@" | head -n 1; echo $PIPESTATUS >&2';
    const running = start([
      ...["bash", "-c", shell, "bash", ...programCommand],
      ...["watch", file, "--json", "--db", database],
    ]);
    await running.until(() => running.stdout() !== "");
    await appendFile(file, `${requestLine(1)}\n`);
    expect(await running.ended).toBe(0);
    expect(running.stderr()).toBe("0\n");
  });
});

describe("watch in a pipe", () => {
  test("prints each new event in a line, nothing old, and nothing a terminal would act on", async () => {
    const { file, database } = await place();
    await writeFile(file, `${requestLine(0)}\n`);
    await run(["import", file, "--db", database]);
    const running = watch(file, "--db", database);
    const evil = "claude\\u001b[2J\\u202e";
    // It says nothing when it is ready; what comes then is printed, what came before is not.
    for (let number = 1; !running.stdout().includes("\n") && number < 200; number++) {
      const line = requestLine(number).replace("claude-opus-5-5", evil);
      await appendFile(file, `${line.replace(/\b179\d{16}\b/g, `${Date.now()}000000`)}\n`);
      await new Promise((done) => setTimeout(done, 300));
    }
    running.signal("SIGINT");
    expect(await running.ended).toBe(130);
    expect(running.stdout()).toMatch(
      /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}11111111 {2}request {2}claude\\x1b\[2J\\u202e {2}1k tokens {2}\$0\.25\n)+$/,
    );
  });

  test("reports on standard error what is wrong, and when it is over", async () => {
    const { file, database } = await place();
    await writeFile(file, `${requestLine(0)}\n`);
    const running = watch(file, "--db", database);
    const stored = async (): Promise<unknown> => {
      const [row] = await query(database, "SELECT count(*) AS n FROM api_requests").catch(() => []);
      return row?.["n"];
    };
    await expect.poll(stored).toBe(1);
    await rm(file);
    await mkdir(file);
    await running.until(() => running.stderr().includes("has become a directory"));
    await rm(file, { recursive: true });
    await writeFile(file, `${requestLine(1)}\n`);
    await running.until(() => running.stderr().includes("all is well again"));
    expect(running.stdout()).not.toContain("directory");
  });

  test("without paths follows what the database was filled from, and the data folder", async () => {
    const { folder, file, database } = await place();
    await writeFile(file, `${requestLine(0)}\n`);
    await run(["import", file, "--db", database]);
    await mkdir(join(folder, "otlp"));
    const running = start([...programCommand, "watch", "--json", "--db", database], {
      CCTELEMETRY_HOME: folder,
    });
    await running.until(() => stateOf(running)?.files[0]?.state === "following");
    const other = join(folder, "otlp", "a.jsonl");
    await writeFile(other, `${requestLine(1)}\n`);
    await running.until(
      () => stateOf(running)?.files.filter(({ state }) => state === "following").length === 2,
    );
    running.signal("SIGTERM");
    await running.ended;
    const [row] = await query(database, "SELECT count(*) AS n FROM api_requests");
    expect(row?.["n"]).toBe(2);
  });
});

const mayMakeTerminals =
  process.platform === "linux" && spawnSync("script", ["-qec", "true", "/dev/null"]).status === 0;

/** The program on a terminal of its own, and the emulator that shows what it draws. */
interface OnTerminal extends Running {
  /** The lines of the screen now. */
  readonly screen: () => Promise<readonly string[]>;
  /** Signals the program itself. */
  readonly signalProgram: (signal: NodeJS.Signals) => Promise<void>;
  readonly resize: (columns: number, rows: number) => Promise<void>;
  readonly emulator: headless.Terminal;
}

async function onTerminal(columns: number, rows: number, command: string): Promise<OnTerminal> {
  const name = join(await testFolder(), "tty");
  const noted = `sh -c 'echo $$ > "$0"; exec "$@"' '${name}.pid' ${command}`;
  const shell = `tty > '${name}'; stty cols ${columns} rows ${rows}; ${noted}; echo "ended $?"`;
  const running = start(["script", "-qec", shell, "/dev/null"], { TERM: "xterm-256color" });
  const emulator = new headless.Terminal({ cols: columns, rows, allowProposedApi: true });
  onTestFinished(() => emulator.dispose());
  let fed = 0;
  const screen = async (): Promise<readonly string[]> => {
    const text = running.stdout();
    await new Promise<void>((done) => emulator.write(text.slice(fed), done));
    fed = text.length;
    const { active } = emulator.buffer;
    return Array.from({ length: emulator.rows }, (_, row) =>
      (active.getLine(active.viewportY + row)?.translateToString(true) ?? "").trimEnd(),
    );
  };
  const resize = async (newColumns: number, newRows: number): Promise<void> => {
    await screen();
    emulator.resize(newColumns, newRows);
    const terminal = (await readFile(name, "utf8")).trim();
    execFileSync("stty", ["-F", terminal, "cols", `${newColumns}`, "rows", `${newRows}`]);
  };
  const signalProgram = async (signal: NodeJS.Signals): Promise<void> => {
    process.kill(Number(await readFile(`${name}.pid`, "utf8")), signal);
  };
  return { ...running, screen, resize, signalProgram, emulator };
}

/** Waits for a screen that satisfies; gives it. */
async function screenWith(
  terminal: OnTerminal,
  satisfies: (text: string) => boolean,
): Promise<readonly string[]> {
  for (let tries = 0; tries < 300; tries++) {
    const lines = await terminal.screen();
    if (satisfies(lines.join("\n"))) return lines;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`In vain, looking at\n${(await terminal.screen()).join("\n")}`);
}

describe.runIf(mayMakeTerminals)("watch on a terminal", () => {
  const commandFor = (file: string, database: string): string =>
    [...programCommand, "watch", file, "--db", database].map((word) => `'${word}'`).join(" ");

  test("draws sessions, totals and events while they come, at any size, and leaves no trace", async () => {
    const { file, database } = await place();
    await writeFile(file, "");
    const terminal = await onTerminal(80, 24, commandFor(file, database));
    await screenWith(terminal, (text) => text.includes("Nothing has arrived yet."));
    const lines = today();
    await appendFile(file, `${lines.slice(0, 12).join("\n")}\n`);
    await screenWith(terminal, (text) => /implement|analyze/.test(text));
    await appendFile(file, `${lines.slice(12).join("\n")}\n`);
    const shown = await screenWith(terminal, (text) => text.includes("25 requests"));
    expect(shown[0]).toMatch(/^What is running now\? +7 running +\$[\d.]+\/h$/);
    expect(shown[1]).toMatch(/^today {2}\$0\.14 {3}391k tokens/);
    expect(shown[4]).toMatch(/^session +stage +model +tokens +cost +\$\/h +context +last$/);
    expect(shown.at(-1)).toMatch(/^1 file followed +q quits$/);

    for (const [columns, rows] of [
      [120, 30],
      [50, 12],
    ] as const) {
      await terminal.resize(columns, rows);
      const drawn = await screenWith(terminal, (text) => {
        const all = text.split("\n");
        return all.at(-1)?.endsWith("q quits") === true && all.at(-1)?.length === columns;
      });
      expect(drawn[0]).toMatch(/^What is running now\?/);
      expect(drawn).toHaveLength(rows);
    }

    terminal.type("q");
    await terminal.ended;
    const after = await terminal.screen();
    expect(terminal.emulator.buffer.active.type).toBe("normal");
    expect(after.filter((line) => line !== "")).toEqual(["ended 0"]);
    expect(terminal.stdout().lastIndexOf("\u001b[?25h")).toBeGreaterThan(
      terminal.stdout().lastIndexOf("\u001b[?25l"),
    );
  });

  test.each([
    ["Ctrl-C", (terminal: OnTerminal) => terminal.type("\u0003"), 130],
    ["SIGTERM", (terminal: OnTerminal) => terminal.signalProgram("SIGTERM"), 143],
    ["SIGHUP", (terminal: OnTerminal) => terminal.signalProgram("SIGHUP"), 129],
  ] as const)("gives the terminal back at %s", async (_, end, code) => {
    const { file, database } = await place();
    await writeFile(file, `${today().slice(0, 8).join("\n")}\n`);
    const terminal = await onTerminal(80, 24, commandFor(file, database));
    await screenWith(terminal, (text) => text.includes("session"));
    await end(terminal);
    await terminal.ended;
    const after = await terminal.screen();
    expect(terminal.emulator.buffer.active.type).toBe("normal");
    expect(after.filter((line) => line !== "")).toEqual([`ended ${code}`]);
  });

  test("hands the terminal to the shell at Ctrl-Z and takes it up again", async () => {
    const { file, database } = await place();
    await writeFile(file, `${today().slice(0, 8).join("\n")}\n`);
    const terminal = await onTerminal(80, 24, commandFor(file, database));
    await screenWith(terminal, (text) => text.includes("session"));
    terminal.type("\u001a");
    await screenWith(terminal, (text) => !text.includes("session"));
    expect(terminal.emulator.buffer.active.type).toBe("normal");
    await terminal.signalProgram("SIGCONT");
    await screenWith(terminal, (text) => text.includes("session"));
    terminal.type("q");
    await terminal.ended;
    expect((await terminal.screen()).filter((line) => line !== "").at(-1)).toBe("ended 0");
  });
});
