import { chmod, mkdir, symlink, utimes, writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { testFolder } from "../../../../test/support/cli.ts";
import { findClaude, lastTranscript } from "../../src/doctor/gather/claude.ts";
import { gatherFolder } from "../../src/doctor/gather/folder.ts";
import { gatherSettings } from "../../src/doctor/gather/settings.ts";

async function written(path: string, text: string, mode = 0o644): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  await chmod(path, mode);
  return path;
}

describe.skipIf(process.platform === "win32")("the version of Claude Code is found", () => {
  const versionIn = async (folder: string): Promise<unknown> => {
    const found = await findClaude({ PATH: ["/none", folder].join(delimiter) }, "linux");
    return found?.version;
  };

  test("in the package that npm installed", async () => {
    const folder = await testFolder();
    const root = join(folder, "lib", "node_modules", "@anthropic-ai", "claude-code");
    const program = await written(join(root, "bin", "claude.exe"), "", 0o755);
    await written(
      join(root, "package.json"),
      '{"name":"@anthropic-ai/claude-code","version":"2.0.76"}',
    );
    await mkdir(join(folder, "bin"));
    await symlink(program, join(folder, "bin", "claude"));
    expect(await versionIn(join(folder, "bin"))).toBe("2.0.76");
  });

  test("in the name of the file that the installer keeps", async () => {
    const folder = await testFolder();
    const program = await written(join(folder, "claude", "versions", "2.1.329"), "", 0o755);
    await symlink(program, join(folder, "claude", "claude"));
    expect(await versionIn(join(folder, "claude"))).toBe("2.1.329");
  });

  test("else by asking it", async () => {
    const folder = await testFolder();
    await written(join(folder, "claude"), "#!/bin/sh\necho '2.1.51 (Claude Code)'\n", 0o755);
    expect(await versionIn(folder)).toBe("2.1.51");
    await written(join(folder, "claude"), "#!/bin/sh\nexit 1\n", 0o755);
    expect(await findClaude({ PATH: folder }, "linux")).toEqual({
      path: join(folder, "claude"),
      version: undefined,
    });
  });

  test("or there is none", async () => {
    expect(await findClaude({ PATH: await testFolder() }, "linux")).toBeUndefined();
    expect(await findClaude({}, "linux")).toBeUndefined();
  });
});

test("the newest transcript shows when Claude Code ran", async () => {
  const folder = await testFolder();
  expect(await lastTranscript(folder)).toBeUndefined();
  const old = await written(join(folder, "projects", "-a", "one.jsonl"), "{}");
  const young = await written(join(folder, "projects", "-b", "two.jsonl"), "{}");
  await utimes(old, 1000, 1000);
  await utimes(young, 2000, 2000);
  expect(await lastTranscript(folder)).toBe(2_000_000);
});

test("settings are read wherever they lie, and what is wrong with them is reported", async () => {
  const home = await testFolder();
  const project = await testFolder();
  const user = await written(
    join(home, ".claude", "settings.json"),
    '// mine\n{"env": {"A": "1", "B": 2, "C": true, "D": null,}, "modelOverrides": {"a": "b", "c": 1, "d": {}},}',
  );
  const broken = await written(join(project, ".claude", "settings.json"), "{");
  const all = await gatherSettings({ env: {}, platform: "linux", home }, project);
  expect(all.find(({ path }) => path === user)).toMatchObject({
    kind: "user",
    fault: undefined,
    env: { A: "1", B: "2", C: "true" },
    modelOverrides: [
      ["a", "b"],
      ["c", "1"],
    ],
  });
  expect(all.find(({ path }) => path === broken)).toMatchObject({
    kind: "project",
    fault: `${broken} is not valid JSON at line 1, column 2.`,
  });
  const missing = all.find(({ path }) => path.endsWith("settings.local.json"));
  expect(missing).toMatchObject({
    kind: "project",
    fault: undefined,
    env: {},
    writtenAt: undefined,
  });
  const homeless = await gatherSettings({ env: {}, platform: "linux", home: undefined }, project);
  expect(homeless.some(({ kind }) => kind === "user")).toBe(false);
});

test("the folder of telemetry is looked at", async () => {
  const folder = await testFolder();
  expect(await gatherFolder(join(folder, "none"))).toMatchObject({ fault: undefined, files: [] });
  const file = await written(join(folder, "telemetry.jsonl"), "{}\n", 0o600);
  await written(join(folder, "telemetry.jsonl.lock"), "{}");
  const { fault, files } = await gatherFolder(folder);
  expect(fault).toBeUndefined();
  expect(files).toMatchObject([{ path: file, sizeBytes: 3, readable: true, open: false }]);
  expect((await gatherFolder(file)).fault).toBe(`${file} is not a folder`);
  if (process.platform === "win32") return;
  await chmod(file, 0o644);
  await chmod(folder, 0o755);
  expect((await gatherFolder(folder)).files[0]?.open).toBe(true);
  await chmod(folder, 0o700);
  expect((await gatherFolder(folder)).files[0]?.open).toBe(false);
});
