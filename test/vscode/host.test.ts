import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { expect, test } from "vitest";
import { absolute } from "../support/source-tree.ts";
import { type Desk, openDesk, packagedExtension } from "./support/desk.ts";
import { forEachRelease, newest } from "./support/releases.ts";
import { installExtension, type Release } from "./support/server.ts";

interface Outcome {
  readonly name: string;
  readonly error?: string;
}

/**
 * Refreshes of the item, during which the host must not grow, and how often the extension begins
 * and ends; a quarter in older releases. HOST_TURNS is the long form: 1,000 of each.
 */
const TURNS = Number(process.env["HOST_TURNS"] ?? 80);

forEachRelease("inside the extension host", (release) => {
  test("the installed extension keeps its promises", async () => {
    expectPassed(await runInside(release, "installed"), 5);
  });

  test("the extension comes and goes without a trace", async () => {
    expectPassed(await runInside(release, "life"), 3);
  }, 900_000);
});

function expectPassed(outcomes: readonly Outcome[], count: number): void {
  expect(outcomes.filter(({ error }) => error !== undefined)).toEqual([]);
  expect(outcomes).toHaveLength(count);
}

/** Runs the tests of a suite in a host of their own and gives what came of each. */
async function runInside(release: Release, suite: string): Promise<readonly Outcome[]> {
  const folder = await mkdtemp(join(tmpdir(), "cctelemetry-host-"));
  const extensions = join(folder, "extensions");
  await mkdir(extensions);
  await installExtension(release, folder, extensions, packagedExtension());
  const [name = ""] = (await readdir(extensions)).filter((each) => each.startsWith("cctelemetry."));
  const telemetry = join(folder, "otel.jsonl");
  const env = {
    HOST_TESTS: suite,
    HOST_TESTS_REPORT: join(folder, "report.json"),
    HOST_TESTS_FIGURES: join(folder, "figures"),
    HOST_TESTS_EXTENSION: join(extensions, name),
    HOST_TESTS_TELEMETRY: telemetry,
    HOST_TESTS_TURNS: String(newest.includes(release) ? TURNS : TURNS / 4),
  };
  const under = suite === "installed" ? join(extensions, name) : await emptyExtension(folder);
  const desk = await openDesk(release, { install: false, testDriver: true, env });
  try {
    await build({
      entryPoints: [absolute("test/vscode/host/run.ts")],
      outfile: join(folder, "tests.cjs"),
      bundle: true,
      platform: "node",
      format: "cjs",
      external: ["vscode"],
      logLevel: "error",
    });
    await play(desk, { telemetry, under, tests: join(folder, "tests.cjs") });
    const figures = env.HOST_TESTS_FIGURES;
    const noted = existsSync(figures) ? await readFile(figures, "utf8") : "";
    for (const figure of noted.split("\n").filter((line) => line !== "")) {
      process.stdout.write(`FIGURE vscode_${release.vscode}_${figure}\n`);
    }
    return JSON.parse(await readFile(env.HOST_TESTS_REPORT, "utf8")) as readonly Outcome[];
  } finally {
    await desk.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

interface Played {
  /** The file that the extension follows. */
  readonly telemetry: string;
  /** Folders of the extension under development and of the tests' entry. */
  readonly under: string;
  readonly tests: string;
}

/** Opens a window that runs the tests, and waits until it says that they are over. */
async function play(desk: Desk, { telemetry, under, tests }: Played): Promise<void> {
  const setting = await desk.prepare({ "cctelemetry.telemetryPaths": [telemetry] });
  const { authority } = desk.url(setting);
  const remote = (path: string): string => `vscode-remote://${authority}${path}`;
  const payload = [
    ["extensionDevelopmentPath", remote(under)],
    ["extensionTestsPath", remote(tests)],
    ["enableProposedApi", ""],
    ["skipWelcome", "true"],
  ] as const;
  const page = await desk.browser.newPage();
  const over = new Promise<void>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error("the tests did not end")), 840_000);
    void page.exposeFunction("codeAutomationLog", () => undefined);
    void page.exposeFunction("codeAutomationExit", () => {
      clearTimeout(late);
      resolve();
    });
  });
  await page.goto(desk.url(setting, payload).page, { waitUntil: "domcontentloaded" });
  await over;
  await page.close();
}

/** The tests need an extension to be about; ours is begun and ended by them. */
async function emptyExtension(folder: string): Promise<string> {
  const place = join(folder, "empty");
  await mkdir(place);
  const manifest = {
    name: "empty",
    publisher: "tests",
    version: "0.0.1",
    engines: { vscode: "^1.99.0" },
    extensionKind: ["workspace"],
  };
  await writeFile(join(place, "package.json"), JSON.stringify(manifest));
  return place;
}
