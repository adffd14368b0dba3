import { execFileSync } from "node:child_process";
import { chmodSync, linkSync, mkdirSync, symlinkSync } from "node:fs";
import { createServer } from "node:net";
import { join, relative } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { discover } from "../../../src/source/find/discover.ts";
import {
  fileOf,
  fixture,
  frame,
  message,
  request,
  temporaryDirectory,
  zstdFrame,
} from "../support.ts";

const root = temporaryDirectory();
const line = `${request(1)}\n`;
const older = "2026-11-21T02-33-36.603";
const newer = "2026-11-21T02-33-37.001";
let count = 0;

/** A new directory with these files in it. */
function directoryOf(files: Record<string, Uint8Array | string>): string {
  count += 1;
  const directory = join(root, `${count}`);
  mkdirSync(directory);
  for (const [name, bytes] of Object.entries(files)) {
    mkdirSync(join(directory, name, ".."), { recursive: true });
    fileOf(directory, name, bytes);
  }
  return directory;
}

/** The groups behind some paths, as paths below a directory. */
async function groupsIn(directory: string, ...paths: string[]): Promise<string[][]> {
  const { groups } = await discover(paths.map((path) => join(directory, path)));
  return groups.map((group) => group.files.map((file) => relative(directory, file)));
}

const rotated = () =>
  directoryOf({
    "otel.jsonl": line,
    [`otel-${newer}-size.jsonl`]: line,
    [`otel-${older}.jsonl.gz`]: gzipSync(line),
    "other.jsonl": line,
  });
const rotatedGroup = [`otel-${older}.jsonl.gz`, `otel-${newer}-size.jsonl`, "otel.jsonl"];

describe("files", () => {
  test("a file brings its rotated siblings, oldest first", async () => {
    expect(await groupsIn(rotated(), "otel.jsonl")).toEqual([rotatedGroup]);
  });

  test("a backup stands for itself alone, unless the current file is named too", async () => {
    const directory = rotated();
    const backup = `otel-${newer}-size.jsonl`;
    expect(await groupsIn(directory, backup)).toEqual([[backup]]);
    expect(await groupsIn(directory, backup, "otel.jsonl")).toEqual([rotatedGroup]);
  });

  test("between rotation and successor the backups are found", async () => {
    const directory = directoryOf({ [`otel-${older}.jsonl`]: line });
    expect(await groupsIn(directory, "otel.jsonl")).toEqual([[`otel-${older}.jsonl`]]);
  });

  test("a named file is taken whatever it holds", async () => {
    const directory = directoryOf({ "notes.txt": "prose\n", "empty.jsonl": "" });
    expect(await groupsIn(directory, "notes.txt", "empty.jsonl")).toEqual([
      ["notes.txt"],
      ["empty.jsonl"],
    ]);
  });

  test("standard input stands alone and once", async () => {
    expect(await discover(["-", "-"])).toEqual({
      groups: [{ files: ["-"] }],
      skipped: [],
      failures: [],
    });
  });
});

describe("the same file reached twice is read once", () => {
  test("by name, link, hard link, pattern and directory", async () => {
    const directory = directoryOf({ "a.jsonl": line });
    symlinkSync("a.jsonl", join(directory, "b.jsonl"));
    linkSync(join(directory, "a.jsonl"), join(directory, "c.jsonl"));
    const paths = ["b.jsonl", "a.jsonl", "./a.jsonl", "c.jsonl", "*.jsonl", "."];
    expect(await groupsIn(directory, ...paths)).toEqual([["b.jsonl"]]);
  });

  test("two files with the same content are two", async () => {
    const directory = directoryOf({ "a.jsonl": line, "b.jsonl": line });
    expect(await groupsIn(directory, ".")).toEqual([["a.jsonl"], ["b.jsonl"]]);
  });
});

describe("directories", () => {
  test("hold telemetry by content, whatever the names", async () => {
    const directory = directoryOf({
      "a/lines": line,
      "a/packed": gzipSync(line),
      "b/frames.bin": frame(zstdFrame(Buffer.from(line))),
      "b/stream": zstdFrame(Buffer.from(line)),
      "messages.dat": frame(message("x")),
      "pretty.txt": JSON.stringify(JSON.parse(line), null, 2),
      ".jsonl": line,
      "numbers.json": '{"a": 1}\n',
      "photo.jsonl": Buffer.from("89504e470d0a1a0a", "hex"),
      "empty.jsonl": "",
      "node_modules/x/y.jsonl": line,
      ".git/z": line,
    });
    const found = (await groupsIn(directory, "")).flat();
    expect(found).toEqual([
      ".jsonl",
      "a/lines",
      "a/packed",
      "b/frames.bin",
      "b/stream",
      "messages.dat",
      "pretty.txt",
    ]);
    const { skipped } = await discover([directory]);
    expect(skipped.map(({ path }) => relative(directory, path))).toEqual([
      "empty.jsonl",
      "numbers.json",
      "photo.jsonl",
    ]);
    expect(skipped[0]?.reason).toBe("It is empty.");
  });

  test("siblings come together; the rest of a cut line is taken with them", async () => {
    const directory = directoryOf({
      "logs/otel.jsonl": 'ing":"x"}}]}]}\n',
      [`logs/otel-${older}.jsonl`]: `${line}{"resourceLogs":[{"a":{"str`,
    });
    expect(await groupsIn(directory, "logs")).toEqual([
      [`logs/otel-${older}.jsonl`, "logs/otel.jsonl"],
    ]);
  });

  test("links in a circle, dead links and pipes neither stop nor hang it", async () => {
    const directory = directoryOf({ "a.jsonl": line });
    symlinkSync(".", join(directory, "again"));
    symlinkSync("nowhere", join(directory, "dead"));
    symlinkSync("self", join(directory, "self"));
    makePipe(join(directory, "pipe"));
    expect(await groupsIn(directory, "")).toEqual([["a.jsonl"]]);
    const { skipped } = await discover([directory]);
    expect(skipped.map(({ path }) => relative(directory, path))).toEqual(["dead", "pipe", "self"]);
  });

  test("the recorded files are found in their groups", async () => {
    const { groups } = await discover([fixture("edge")]);
    const names = groups.map((group) => group.files.map((file) => relative(fixture("edge"), file)));
    expect(names).toContainEqual([
      "rotation-newline/rot-2026-11-21T01-52-55.790-size.jsonl.gz",
      "rotation-newline/rot.jsonl",
    ]);
    expect(names).toContainEqual(["framings/group/.jsonl"]);
    expect(names.flat()).not.toContain("README.md");
  });
});

describe("patterns", () => {
  test("match files and directories, with siblings", async () => {
    const directory = rotated();
    expect(await groupsIn(directory, "*el.jsonl")).toEqual([rotatedGroup]);
    expect(await groupsIn(directory, "{other,none}.jsonl")).toEqual([["other.jsonl"]]);
    expect((await groupsIn(root, `${relative(root, directory)}/**`)).flat()).toHaveLength(4);
  });

  test("a file whose name looks like a pattern is that file", async () => {
    const directory = directoryOf({ "a[1].jsonl": line, "a1.jsonl": line });
    expect(await groupsIn(directory, "a[1].jsonl")).toEqual([["a[1].jsonl"]]);
  });
});

describe("known errors", () => {
  const directory = directoryOf({ "notes.txt": "prose\n", "folder/more.txt": "prose\n" });

  test.each([
    ["none.jsonl", "path-missing"],
    ["notes.txt/below", "path-missing"],
    ["none*.jsonl", "path-missing"],
    ["*.txt", "no-telemetry"],
    ["folder", "no-telemetry"],
    ["", "no-telemetry"],
    ["x".repeat(300), "path-missing"],
    ["a\0b", "path-missing"],
  ])("%j: %s", async (path, code) => {
    const { groups, failures } = await discover([join(directory, path)]);
    expect(groups).toEqual([]);
    expect(failures).toMatchObject([
      { path: join(directory, path), error: { name: "KnownError", code } },
    ]);
    expect(failures[0]?.error.hint).toMatch(/\.$/);
  });

  test("a pipe, a device, a socket and a link in a circle", async () => {
    const place = directoryOf({});
    makePipe(join(place, "pipe"));
    symlinkSync("circle", join(place, "circle"));
    const server = createServer().listen(join(place, "socket"));
    await new Promise((resolve) => server.once("listening", resolve));
    const codeOf = async (path: string) => {
      const [failure] = (await discover([path])).failures;
      return `${failure?.error.code}: ${failure?.error.message}`;
    };
    expect(await codeOf(join(place, "pipe"))).toMatch(/^path-unsuitable: .* is a pipe/);
    expect(await codeOf(join(place, "socket"))).toMatch(/^path-unsuitable: .* is a socket/);
    expect(await codeOf(join(place, "circle"))).toMatch(/^path-unreadable: .* in a circle/);
    expect(await codeOf("/dev/null")).toMatch(/^path-unsuitable: .* is a device/);
    await new Promise((resolve) => server.close(resolve));
  });

  test("what may not be read: a file, a directory, a backup", async () => {
    const place = directoryOf({
      "secret.jsonl": line,
      "locked/a.jsonl": line,
      "open.jsonl": line,
      [`open-${older}.jsonl`]: line,
    });
    chmodSync(join(place, "secret.jsonl"), 0);
    chmodSync(join(place, "locked"), 0);
    chmodSync(join(place, `open-${older}.jsonl`), 0);
    chmodSync(root, 0o755);
    await asNobody(async () => {
      for (const name of ["secret.jsonl", "locked", "locked/a.jsonl"]) {
        const path = join(place, name);
        const { failures } = await discover([path]);
        expect(failures).toMatchObject([{ path, error: { code: "path-unreadable" } }]);
      }
      const { groups, skipped } = await discover([join(place, "open.jsonl")]);
      expect(groups).toEqual([{ files: [join(place, "open.jsonl")] }]);
      expect(skipped).toMatchObject([{ path: join(place, `open-${older}.jsonl`) }]);
    });
    chmodSync(join(place, "locked"), 0o700);
  });
});

/** Permissions do not hold for root: it has to step back. */
async function asNobody(work: () => Promise<void>): Promise<void> {
  if (process.getuid?.() !== 0) return await work();
  process.seteuid?.(65_534);
  try {
    await work();
  } finally {
    process.seteuid?.(0);
  }
}

/** Node has no call for it. */
function makePipe(path: string): void {
  const program = "mkfifo";
  execFileSync(program, [path]);
}
