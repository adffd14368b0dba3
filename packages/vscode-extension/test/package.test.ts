import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bindings } from "../scripts/targets.mjs";

const folder = fileURLToPath(new URL("..", import.meta.url));
const target = `${process.platform}-${process.arch}`;
const scratch = mkdtempSync(join(tmpdir(), "cctelemetry-package-"));
const laidOut = join(scratch, target);
const vsix = join(scratch, `cctelemetry-vscode-${target}.vsix`);

/** What may be in a package; anything else is a mistake. */
const expected: readonly RegExp[] = [
  /^(package\.json|README\.md|CHANGELOG\.md|LICENSE)$/,
  /^dist\/host\/extension\.js$/,
  /^dist\/child\/(main|import-child|query-child|chunk-[A-Z0-9]+)\.mjs$/,
  /^dist\/child\/empty-database\.gz$/,
  /^dist\/native\/(duckdb\.node|libduckdb\.(so|dylib)|duckdb\.dll)$/,
  /^dist\/THIRD-PARTY-LICENSES\.txt$/,
  /^media\/(icon|[a-z-]+)\.png$/,
  /^media\/walkthrough\/[a-z]+\.md$/,
  /^media\/dashboard\/(page\.(js|css)|[\w-]+-[A-Z0-9]+\.js|codicon\.ttf|THIRD-PARTY-LICENSES\.txt)$/,
];

describe.skipIf(bindings[target] === undefined)("the package for this platform", () => {
  let files: readonly string[];

  beforeAll(() => {
    execFileSync(process.execPath, [
      join(folder, "scripts", "package.mjs"),
      target,
      `--to=${scratch}`,
    ]);
    files = readdirSync(laidOut, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(laidOut.length + 1))
      .map((path) => path.replaceAll("\\", "/"));
  });

  afterAll(() => rmSync(scratch, { recursive: true, force: true }));

  test("holds what it should and nothing else", () => {
    expect(files.filter((file) => !expected.some((shape) => shape.test(file)))).toEqual([]);
    const needed = [
      "package.json",
      "README.md",
      "CHANGELOG.md",
      "LICENSE",
      "dist/host/extension.js",
      "dist/child/main.mjs",
      "dist/child/import-child.mjs",
      "dist/child/query-child.mjs",
      "dist/child/empty-database.gz",
      "dist/native/duckdb.node",
      "dist/THIRD-PARTY-LICENSES.txt",
      "media/icon.png",
      "media/dashboard/page.js",
      "media/dashboard/page.css",
    ];
    expect(needed.filter((file) => !files.includes(file))).toEqual([]);
  });

  test("is at most 30 MB", () => {
    expect(statSync(vsix).size).toBeLessThan(30 * 1024 * 1024);
  });

  test("needs nothing that it does not bring along", () => {
    const manifest = JSON.parse(readFileSync(join(laidOut, "package.json"), "utf8")) as object;
    for (const key of ["dependencies", "devDependencies", "scripts", "private"]) {
      expect(manifest).not.toHaveProperty(key);
    }
    const host = readFileSync(join(laidOut, "dist", "host", "extension.js"), "utf8");
    const required = [...host.matchAll(/\brequire\("([^"]+)"\)/g)].map(([, name]) => name);
    expect(required.filter((name) => name !== "vscode" && !name?.startsWith("node:"))).toEqual([]);
  });
});
