// The releases of Claude Code that the telemetry is tested with, and where they lie on this machine.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { toolsFolder } from "../support/packages.mjs";

/**
 * `program` is the path, inside the package, of what is started: a native program, or a script for
 * Node.js.
 *
 * @typedef {import("../support/packages.mjs").Archive} Archive
 * @typedef {{ version: string, archive: Archive, program: string }} Release
 */

/**
 * The newest release, whose usage arrives whole, and an old one with the defects of its time.
 *
 * @satisfies {Record<string, Release>}
 */
export const releases = {
  newest: {
    version: "2.1.332",
    archive: {
      spec: "@anthropic-ai/claude-code-linux-x64@2.1.332",
      integrity:
        "sha512-f4JWhzwYutJIHScC7/dYOPX6s28tt7ZADhsOi8zwOHq5fFPEuUeChh2NMfinSg0GrUckYxaeebC4h0DqiKzLcw==",
    },
    program: "claude",
  },
  old: {
    version: "2.0.76",
    archive: {
      spec: "@anthropic-ai/claude-code@2.0.76",
      integrity:
        "sha512-BVwPez7Pst729gxHZNb7iUdjrn4UAzO49zC+Bxlyf0fMe3SsutxEhKTT16VMs2qInE9xhEBCxajCCa888mFPBg==",
    },
    program: "cli.js",
  },
};

/** Raised whenever setup.mjs makes something else of the same archives. */
const recipe = 1;

/** The folder of one release; its name says what was made and how. */
export function releaseFolder(/** @type {Release} */ { version }) {
  return join(toolsFolder, `claude-code-${version}-r${recipe}`);
}

/**
 * The command line that starts a release, without its own arguments; undefined where the release
 * has not been set up.
 *
 * @param {Release} release
 * @returns {readonly string[] | undefined}
 */
export function claudeCommand(release) {
  const folder = releaseFolder(release);
  if (!existsSync(join(folder, "complete"))) return undefined;
  const program = join(folder, release.program);
  return program.endsWith(".js") ? [process.execPath, program] : [program];
}

/**
 * One sentence on what the tests with Claude Code lack on this machine and how to have it.
 *
 * @returns {string | undefined}
 */
export function missingForClaude() {
  if (process.platform !== "linux" || process.arch !== "x64") {
    return "The tests with the real Claude Code run on Linux x64 only.";
  }
  const absent = Object.values(releases).filter((release) => claudeCommand(release) === undefined);
  if (absent.length === 0) return undefined;
  const versions = absent.map(({ version }) => version).join(" and ");
  return `The tests with the real Claude Code need release ${versions} of it (npm run claude).`;
}
