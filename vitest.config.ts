import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** SQL files are imported as text, as the bundler does it. */
const sqlAsText = {
  name: "sql-as-text",
  enforce: "pre" as const,
  load(id: string): string | undefined {
    const path = id.split("?")[0] ?? id;
    if (!path.endsWith(".sql")) return undefined;
    return `export default ${JSON.stringify(readFileSync(path, "utf8"))};`;
  },
};

/** Stands for what VS Code gives to extensions. */
const vscodeStub = fileURLToPath(
  new URL("./packages/vscode-extension/test/support/vscode.ts", import.meta.url),
);
const coreSource = fileURLToPath(new URL("./packages/core/src/", import.meta.url));

const receiverSource = fileURLToPath(new URL("./packages/receiver/src/index.ts", import.meta.url));

const vscodeTests = "test/vscode/**/*.test.ts";
const claudeTests = "test/claude/**/*.test.ts";
const browserTests = ["test/dashboard/**/*.test.ts", "test/receiver/browser.test.ts"];
/** What measures how soon something is seen, or how far behind it is, and would measure its neighbours. */
const timedTests = ["test/faults/soak.test.ts", "packages/core/test/store/lease.test.ts"];
const timedInVsCode = "test/vscode/speed.test.ts";

/** Many files wait for processes and disks: one more than there are cores keeps all of them busy. */
const maxWorkers = Math.max(2, availableParallelism() + 1);

export default defineConfig({
  plugins: [sqlAsText],
  resolve: {
    alias: [
      { find: /^vscode$/, replacement: vscodeStub },
      { find: /^@cctelemetry\/core$/, replacement: `${coreSource}index.ts` },
      { find: /^@cctelemetry\/core\/(.+)$/, replacement: `${coreSource}$1.ts` },
      { find: /^@cctelemetry\/receiver$/, replacement: receiverSource },
    ],
  },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: "all else",
          include: ["packages/*/test/**/*.test.ts", "test/**/*.test.ts"],
          exclude: [vscodeTests, claudeTests, ...browserTests, ...timedTests],
          // A worker keeps modules, and the databases that tests copy, for the files that follow.
          isolate: false,
          maxWorkers,
        },
      },
      {
        extends: true,
        test: {
          name: "in a browser",
          include: browserTests,
          maxWorkers,
        },
      },
      {
        extends: true,
        test: {
          name: "in VS Code",
          include: [vscodeTests],
          exclude: [timedInVsCode],
          globalSetup: "test/vscode/support/package.ts",
          maxWorkers,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: "with Claude Code",
          include: [claudeTests],
          maxWorkers,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: "by the clock",
          include: timedTests,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          name: "in VS Code, by the clock",
          include: [timedInVsCode],
          globalSetup: "test/vscode/support/package.ts",
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
    // Child processes, not threads: the engine aborts a process whose thread is ended mid-query.
    pool: "forks",
    setupFiles: "test/support/draws.ts",
    // For a machine on which ten others are at work as well.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 60_000 } },
    restoreMocks: true,
    unstubEnvs: true,
  },
});
