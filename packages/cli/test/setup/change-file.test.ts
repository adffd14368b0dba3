import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { testFolder } from "../../../../test/support/cli.ts";
import { changeFile, readForChange } from "../../src/setup/change-file.ts";

const NOW = Date.UTC(2026, 10, 21, 9, 8, 7);

describe("a file is changed", () => {
  test("with a backup beside it, permissions kept", async () => {
    const path = join(await testFolder(), "settings.json");
    await writeFile(path, "old", { mode: 0o640 });
    const backup = await changeFile({ path, before: "old", after: "new" }, NOW);
    expect(backup).toBe(`${path}.20261121T090807Z.bak`);
    expect(await readFile(backup ?? "", "utf8")).toBe("old");
    expect(await readFile(path, "utf8")).toBe("new");
    if (process.platform !== "win32") expect((await stat(path)).mode & 0o777).toBe(0o640);
    expect(await changeFile({ path, before: "new", after: "newer" }, NOW)).toBe(
      `${path}.20261121T090807Z-2.bak`,
    );
  });

  test("through a link, which stays one", async () => {
    const folder = await testFolder();
    await mkdir(join(folder, "dotfiles"));
    const real = join(folder, "dotfiles", "settings.json");
    const link = join(folder, "settings.json");
    await writeFile(real, "old");
    await symlink(real, link);
    await changeFile({ path: link, before: "old", after: "new" }, NOW);
    expect(await readFile(real, "utf8")).toBe("new");
    expect((await readdir(folder)).sort()).toEqual(["dotfiles", "settings.json"]);
  });

  test("or made, folder included, for its owner alone", async () => {
    const path = join(await testFolder(), "deep", "er", "settings.json");
    expect(await readForChange(path)).toBeUndefined();
    expect(await changeFile({ path, before: undefined, after: "new" }, NOW)).toBeUndefined();
    if (process.platform !== "win32") expect((await stat(path)).mode & 0o777).toBe(0o600);
  });
});

describe("a file stays as it is", () => {
  test("when it is read-only", async () => {
    const folder = await testFolder();
    const path = join(folder, "settings.json");
    await writeFile(path, "old");
    await chmod(path, 0o444);
    await expect(changeFile({ path, before: "old", after: "new" }, NOW)).rejects.toThrow(
      `${path} cannot be changed: it is read-only.`,
    );
    expect(await readdir(folder)).toEqual(["settings.json"]);
    expect(await readFile(path, "utf8")).toBe("old");
  });

  test("when another program has written it meanwhile", async () => {
    const path = join(await testFolder(), "settings.json");
    await writeFile(path, "theirs");
    await expect(changeFile({ path, before: "old", after: "new" }, NOW)).rejects.toThrow(
      "another program has just written it",
    );
    expect(await readFile(path, "utf8")).toBe("theirs");
  });

  test("when it is a link that leads nowhere, or a folder", async () => {
    const folder = await testFolder();
    const link = join(folder, "link");
    await symlink(join(folder, "gone"), link);
    const change = { path: link, before: undefined, after: "new" };
    await expect(changeFile(change, NOW)).rejects.toThrow("a link that leads nowhere");
    await expect(readForChange(folder)).rejects.toThrow("it is not a file");
  });

  test("when it is not text in UTF-8, of which a byte would be lost", async () => {
    const path = join(await testFolder(), ".bashrc");
    const latin = Buffer.from("alias gr\u00fc\u00dfe=x\n", "latin1");
    await writeFile(path, latin);
    await expect(readForChange(path)).rejects.toThrow(`${path} cannot be changed: it is not text`);
    expect(await readFile(path)).toEqual(latin);
    await writeFile(path, "\uFEFF\u{1F600}\r\n\0");
    expect(await readForChange(path)).toBe("\uFEFF\u{1F600}\r\n\0");
  });

  test("when its folder is a file", async () => {
    const folder = await testFolder();
    await writeFile(join(folder, "file"), "");
    const path = join(folder, "file", "settings.json");
    await expect(readForChange(path)).rejects.toThrow("its folder is a file");
  });
});
