import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { type FileHandle, mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { StorageFault } from "../src/journal/file.ts";
import { type Journal, type JournalOptions, openJournal, QueueFull } from "../src/journal/queue.ts";

interface Scene {
  readonly journal: Journal;
  readonly path: string;
  readonly folder: string;
  readonly text: () => string;
}

async function scene(options: Partial<JournalOptions> = {}, before = ""): Promise<Scene> {
  const folder = await mkdtemp(join(tmpdir(), "cctelemetry-journal-"));
  const path = join(folder, "otlp", "a.jsonl");
  if (before !== "") {
    mkdirSync(join(folder, "otlp"));
    writeFileSync(path, before);
  }
  const journal = await openJournal({
    path,
    durability: "fsync",
    rotateBytes: 0,
    maxQueuedBytes: 1024 * 1024,
    now: () => Date.parse("2026-11-21T02:33:37.972Z"),
    ...options,
  });
  onTestFinished(async () => {
    await journal.close();
    await rm(folder, { recursive: true, force: true });
  });
  return { journal, path, folder, text: () => readFileSync(path, "utf8") };
}

const line = (text: string): readonly Uint8Array[] => [Buffer.from(`${text}\n`)];

/** What every open file does; a test replaces a method of it for a while. */
async function handles(): Promise<FileHandle> {
  const handle = await open(tmpdir(), "r");
  await handle.close();
  return Object.getPrototypeOf(handle) as FileHandle;
}

const failure = (code: string): Error => Object.assign(new Error(code), { code });

test("keeps lines in order, in one file for the user alone", async () => {
  const { journal, path, folder, text } = await scene();
  const kept = Array.from({ length: 200 }, (_, index) => journal.append(line(`{"n":${index}}`)));
  await Promise.all(kept);
  expect(text()).toBe(Array.from({ length: 200 }, (_, index) => `{"n":${index}}\n`).join(""));
  expect(journal.bytesWritten()).toBe(statSync(path).size);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(join(folder, "otlp")).mode & 0o777).toBe(0o700);
});

test("lines that wait together go to the disk together", async () => {
  const { journal } = await scene();
  const write = vi.spyOn(await handles(), "writev");
  const sync = vi.spyOn(await handles(), "datasync");
  await Promise.all(Array.from({ length: 500 }, (_, index) => journal.append(line(`${index}`))));
  expect(write.mock.calls.length).toBeLessThan(10);
  expect(sync.mock.calls.length).toBe(write.mock.calls.length);
});

test.each([
  ["flush", 0],
  ["none", 0],
  ["fsync", 1],
] as const)("%s waits for the disk %i times", async (durability, times) => {
  const { journal, text } = await scene({ durability });
  const sync = vi.spyOn(await handles(), "datasync");
  await journal.append(line("a"));
  await journal.close();
  expect(sync).toHaveBeenCalledTimes(times);
  expect(text()).toBe("a\n");
});

test("ends a line that a crash tore, so that the next one stands alone", async () => {
  const { journal, text } = await scene({}, '{"whole":1}\n{"torn":');
  await journal.append(line('{"next":1}'));
  expect(text()).toBe('{"whole":1}\n{"torn":\n{"next":1}\n');
});

test("takes back what others could read", async () => {
  const { journal, path } = await scene({}, "a\n");
  expect(statSync(path).mode & 0o777).toBe(0o600);
  await journal.append(line("b"));
});

test.each(["ENOSPC", "EIO", "EDQUOT", "EFBIG"])(
  "%s loses a line and nothing else",
  async (code) => {
    const { journal, text } = await scene();
    await journal.append(line("a"));
    const write = vi.spyOn(await handles(), "writev").mockRejectedValueOnce(failure(code));
    await expect(journal.append(line("lost"))).rejects.toThrow(StorageFault);
    expect(journal.fault()).toContain(code);
    write.mockRestore();
    await journal.append(line("b"));
    expect(journal.fault()).toBeUndefined();
    expect(text()).toBe("a\nb\n");
  },
);

test("a short write is cut off again", async () => {
  const { journal, text } = await scene();
  await journal.append(line("a"));
  const proto = await handles();
  const original = proto.writev;
  const write = vi.spyOn(proto, "writev").mockImplementationOnce(async function (
    this: FileHandle,
    buffers,
  ) {
    const [first] = buffers as readonly Uint8Array[];
    return await original.call(this, [Buffer.from(first as Uint8Array).subarray(0, 3)]);
  });
  await expect(journal.append(line("much too long"))).rejects.toThrow("the disk is full");
  expect(text()).toBe("a\n");
  write.mockRestore();
  await journal.append(line("b"));
  expect(text()).toBe("a\nb\n");
});

test("what could not be cut off at once is cut off before the next line", async () => {
  const { journal, path, text } = await scene();
  await journal.append(line("a"));
  const proto = await handles();
  vi.spyOn(proto, "writev").mockImplementationOnce(() => {
    appendFileSync(path, "to");
    return Promise.reject(failure("EIO"));
  });
  vi.spyOn(proto, "truncate").mockRejectedValueOnce(failure("EIO"));
  await expect(journal.append(line("torn"))).rejects.toThrow(StorageFault);
  expect(text()).toBe("a\nto");
  await journal.append(line("b"));
  expect(text()).toBe("a\nb\n");
});

test("after a failed sync the file is opened again and the lines are written again", async () => {
  const { journal, text } = await scene();
  await journal.append(line("a"));
  vi.spyOn(await handles(), "datasync").mockRejectedValueOnce(failure("EIO"));
  await journal.append(line("b"));
  expect(text()).toBe("a\nb\n");
  await journal.append(line("c"));
  expect(text()).toBe("a\nb\nc\n");
});

test("where the disk fails twice, the line is refused and not there", async () => {
  const { journal, text } = await scene();
  await journal.append(line("a"));
  const sync = vi.spyOn(await handles(), "datasync");
  sync.mockRejectedValueOnce(failure("EIO")).mockRejectedValueOnce(failure("EIO"));
  await expect(journal.append(line("b"))).rejects.toThrow("the disk fails (EIO)");
  expect(text()).toBe("a\n");
  await journal.append(line("c"));
  expect(text()).toBe("a\nc\n");
});

test.each([
  ["removed", (path: string) => rmSync(path), "b\n"],
  ["renamed by others", (path: string) => renameSync(path, `${path}.1`), "b\n"],
  [
    "replaced",
    (path: string) => {
      writeFileSync(`${path}.new`, "new\n");
      renameSync(`${path}.new`, path);
    },
    "new\nb\n",
  ],
  ["truncated", (path: string) => truncateSync(path, 0), "b\n"],
  ["appended to", (path: string) => appendFileSync(path, "torn"), "a\ntorn\nb\n"],
])("goes on when the file was %s", async (_name, change, expected) => {
  const { journal, path, text } = await scene();
  await journal.append(line("a"));
  change(path);
  await journal.append(line("b"));
  expect(text()).toBe(expected);
});

test("rotates on line ends, with names as the Collector gives them", async () => {
  const { journal, folder, path } = await scene({ rotateBytes: 25 });
  for (let index = 0; index < 9; index += 1) await journal.append(line(`{"n":${index}}xxx`));
  const names = readdirSync(join(folder, "otlp")).sort();
  expect(names).toEqual([
    "a-2026-11-21T02-33-37.972-size.jsonl",
    "a-2026-11-21T02-33-37.973-size.jsonl",
    "a-2026-11-21T02-33-37.974-size.jsonl",
    "a-2026-11-21T02-33-37.975-size.jsonl",
    "a.jsonl",
  ]);
  const all = names.map((name) => readFileSync(join(folder, "otlp", name), "utf8"));
  expect(all.join("")).toBe(
    Array.from({ length: 9 }, (_, index) => `{"n":${index}}xxx\n`).join(""),
  );
  for (const each of all) expect(each.endsWith("\n")).toBe(true);
  expect(statSync(path).size).toBeLessThanOrEqual(25);
});

test("a line larger than a file may be has a file of its own", async () => {
  const { journal, text } = await scene({ rotateBytes: 10 });
  await journal.append(line("a"));
  await journal.append(line("b".repeat(50)));
  expect(text()).toBe(`${"b".repeat(50)}\n`);
});

test("a queue that is full refuses, one line alone never", async () => {
  const { journal, text } = await scene({ maxQueuedBytes: 10 });
  const first = journal.append(line("a".repeat(20)));
  const second = journal.append(line("b".repeat(20)));
  const third = journal.append(line("c"));
  await expect(third).rejects.toThrow(QueueFull);
  await Promise.all([first, second]).catch(() => undefined);
  await journal.append(line("d"));
  expect(text()).toContain("d\n");
});

test("closing writes what was taken", async () => {
  const { journal, text } = await scene({ durability: "none" });
  for (let index = 0; index < 100; index += 1) void journal.append(line(`${index}`));
  await journal.close();
  expect(text().split("\n")).toHaveLength(101);
  await expect(journal.append(line("late"))).rejects.toThrow(QueueFull);
});

test("a link in the file's place is not followed", async () => {
  const folder = await mkdtemp(join(tmpdir(), "cctelemetry-journal-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const target = join(folder, "target");
  writeFileSync(target, "");
  symlinkSync(target, join(folder, "a.jsonl"));
  const options = {
    durability: "fsync",
    rotateBytes: 0,
    maxQueuedBytes: 1,
    now: Date.now,
  } as const;
  await expect(openJournal({ ...options, path: join(folder, "a.jsonl") })).rejects.toThrow("ELOOP");
  await expect(openJournal({ ...options, path: folder })).rejects.toThrow();
  expect(existsSync(target) && readFileSync(target, "utf8")).toBe("");
});
