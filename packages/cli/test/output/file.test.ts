import { spawnSync } from "node:child_process";
import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KnownError } from "@cctelemetry/core/light";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { runs, seed } from "../../../core/test/support/runs.ts";
import { openOutputFile } from "../../src/output/file.ts";
import { outputTarget } from "../../src/output/target.ts";

const posix = process.platform !== "win32";
const folder = mkdtempSync(join(tmpdir(), "cctelemetry-output-"));
const spareDevice = join(folder, "device");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let printed = Buffer.alloc(0);
const stdout = {
  isTTY: false,
  columns: undefined,
  write: (text: string | Uint8Array) => {
    printed = Buffer.concat([printed, Buffer.from(text)]);
    return Promise.resolve();
  },
};
const context = { stdout, stderr: stdout, onInterrupt: () => () => undefined };

/** What an output is, how to make one, and what is there afterwards. */
interface Target {
  readonly make: (path: string) => void;
  /** The bytes that arrived, where they can be read. */
  readonly arrived: (path: string) => Buffer | undefined;
  /** Fails where something else stands there now. */
  readonly same: (path: string) => void;
}

const isFile = (path: string) => expect(lstatSync(path).isFile()).toBe(true);
const isLink = (path: string) => expect(lstatSync(path).isSymbolicLink()).toBe(true);
const made = (path: string) => `${path}.real`;

/** What stood there before, often longer than what is written. */
const BEFORE = "before ".repeat(1_000);

const targets: Readonly<Record<string, Target>> = {
  nothing: {
    make: () => undefined,
    arrived: readFileSync,
    same: (path) => expect(statSync(path).mode & 0o777).toBe(posix ? 0o600 : 0o666),
  },
  "a file for all to read": {
    make: (path) => {
      writeFileSync(path, BEFORE);
      chmodSync(path, 0o644);
    },
    arrived: readFileSync,
    same: (path) => {
      isFile(path);
      expect(statSync(path).mode & 0o777).toBe(posix ? 0o644 : 0o666);
    },
  },
  ...(posix ? { ...linked(), ...special() } : {}),
};

function linked(): Readonly<Record<string, Target>> {
  return {
    "one name of several": {
      make: (path) => {
        writeFileSync(made(path), BEFORE, { mode: 0o640 });
        linkSync(made(path), path);
      },
      arrived: (path) => readFileSync(made(path)),
      same: (path) => {
        expect(statSync(path).ino).toBe(statSync(made(path)).ino);
        expect(statSync(path).mode & 0o777).toBe(0o640);
      },
    },
    "a link to a link to a file": {
      make: (path) => {
        writeFileSync(made(path), "before", { mode: 0o640 });
        symlinkSync(made(path), `${path}.link`);
        symlinkSync(`${path}.link`, path);
      },
      arrived: (path) => readFileSync(made(path)),
      same: (path) => {
        isLink(path);
        isLink(`${path}.link`);
        isFile(made(path));
        expect(statSync(made(path)).mode & 0o777).toBe(0o640);
      },
    },
    "a link to nothing": {
      make: (path) => symlinkSync(made(path), path),
      arrived: (path) => readFileSync(made(path)),
      same: isLink,
    },
  };
}

function special(): Readonly<Record<string, Target>> {
  const device: Target = {
    make: (path) => linkSync(spareDevice, path),
    arrived: () => undefined,
    same: (path) => expect(lstatSync(path).isCharacterDevice()).toBe(true),
  };
  return {
    "a link to standard output": {
      make: (path) => {
        printed = Buffer.alloc(0);
        symlinkSync("/proc/self/fd/1", path);
      },
      arrived: () => printed,
      same: isLink,
    },
    ...(makesDevice() ? { "a device": device } : {}),
  };
}

/** Whether there may be a device that takes all and keeps nothing, which is made once: each is a name of it. */
function makesDevice(): boolean {
  try {
    if (spawnSync("mknod", ["-m", "666", spareDevice, "c", "1", "3"]).status !== 0) return false;
    writeFileSync(spareDevice, "x");
    return true;
  } catch {
    return false;
  }
}

const outputs = fc.record({
  kind: fc.constantFrom(...Object.keys(targets)),
  blocks: fc.array(fc.string({ maxLength: 300 }), { maxLength: 4 }),
  /** Some are longer than what is copied at once. */
  repeat: fc.oneof(
    { weight: 19, arbitrary: fc.constant(1) },
    { weight: 1, arbitrary: fc.constant(4_000) },
  ),
  /** As text, or as a file that is written in one go, which Parquet is. */
  whole: fc.boolean(),
  given: fc.constantFrom("up", "kept", "kept", "kept"),
});

test(`what is written arrives, and what it is written to stays what it is (FAULT_SEED=${seed})`, async () => {
  let number = 0;
  const property = fc.asyncProperty(outputs, async ({ kind, blocks, repeat, whole, given }) => {
    const target = targets[kind];
    if (target === undefined) throw new Error(kind);
    const within = join(folder, String(++number));
    mkdirSync(within);
    const path = join(within, "o");
    target.make(path);
    const before =
      target.arrived === readFileSync && kind !== "nothing" ? readFileSync(path) : undefined;
    const all = Buffer.from(blocks.join("").repeat(repeat));
    const file = await openOutputFile(path, context);
    if (whole) {
      if (given === "kept")
        await file.writeFile((part) => Promise.resolve(writeFileSync(part, all)));
    } else {
      for (const block of blocks) await file.write(block.repeat(repeat));
    }
    if (given === "kept") {
      await file.keep();
      target.same(path);
      const expected = whole
        ? all
        : Buffer.from(blocks.map((each) => each.repeat(repeat)).join(""));
      const arrived = target.arrived(path);
      if (arrived !== undefined) expect(arrived.equals(expected)).toBe(true);
    }
    file.abandon();
    if (given === "up" && before !== undefined)
      expect(readFileSync(path).equals(before)).toBe(true);
    expect(readdirSync(within).filter((name) => name.endsWith(".part"))).toEqual([]);
    rmSync(within, { recursive: true });
  });
  await fc.assert(property, { numRuns: runs(60), seed });
});

describe.runIf(posix)("a pipe", () => {
  test.each(["before", "after"])("gets everything where its reader comes %s", async (when) => {
    const path = join(folder, `pipe-${when}`);
    spawnSync("mkfifo", [path]);
    const file = await openOutputFile(path, context);
    const text = "0123456789".repeat(100_000);
    const { open } = await import("node:fs/promises");
    const read = async () => {
      const handle = await open(path, "r");
      const bytes = await handle.readFile();
      await handle.close();
      return bytes.toString();
    };
    const early = when === "before" ? read() : undefined;
    const written = file.write(text).then(file.keep);
    if (early === undefined) await new Promise((done) => setTimeout(done, 200));
    expect(await (early ?? read())).toBe(text);
    await written;
    expect(lstatSync(path).isFIFO()).toBe(true);
  });
});

describe.runIf(posix)("refused in one sentence", () => {
  const refusal = async (path: string): Promise<string> => {
    const failure = await openOutputFile(path, context).then(
      () => new Error("opened"),
      (error: unknown) => error,
    );
    if (!(failure instanceof KnownError)) throw failure;
    expect(failure.code).toBe("output-failed");
    return failure.message;
  };

  test("a folder, a socket, a circle of links, and what is not there", async () => {
    const path = (name: string) => join(folder, name);
    mkdirSync(path("folder"));
    symlinkSync(path("b"), path("a"));
    symlinkSync(path("a"), path("b"));
    const server = createServer().listen(path("socket"));
    await new Promise((done) => server.once("listening", done));
    try {
      expect(await refusal(path("folder"))).toMatch(
        /folder cannot be written: it is a directory\.$/,
      );
      expect(await refusal(path("socket"))).toMatch(/it is a socket\.$/);
      expect(await refusal(path("a"))).toMatch(/its links lead in a circle\.$/);
      expect(await refusal(path("no/such.csv"))).toMatch(/there is no such folder\.$/);
      expect(await refusal(path("n".repeat(300)))).toMatch(/its name is too long\.$/);
      expect(await refusal("/dev/fd/987")).toMatch(/it is not open\.$/);
    } finally {
      server.close();
    }
  });

  test("a database, telemetry, and no name at all; each stays what it is", async () => {
    const request = '{"resourceLogs":[]}\n';
    const contents: readonly (readonly [what: string, content: Buffer])[] = [
      ["a database", Buffer.from(`${"\0".repeat(8)}DUCK${"\0".repeat(500)}`)],
      ["a database", Buffer.from(`SQLite format 3\0${"\0".repeat(84)}`)],
      ["telemetry", Buffer.from(request)],
      ["telemetry", Buffer.from(`\ufeff\r\n [ { "resourceMetrics" : [] } ]`)],
      ["telemetry", Buffer.from('{"resource_spans":[]}')],
    ];
    for (const [index, [what, content]] of contents.entries()) {
      const path = join(folder, `existing-${index}.jsonl`);
      writeFileSync(path, content);
      const link = join(folder, `link-${index}`);
      symlinkSync(path, link);
      for (const name of [path, link]) {
        const message = await refusal(name);
        expect(message).toContain(`: it holds ${what}, which an output does not replace.`);
        expect(readFileSync(path)).toEqual(content);
      }
    }
    expect(await refusal("")).toBe('The output "" cannot be written: it has no name.');
  });
});

test("- stands for standard output", () => {
  expect(outputTarget("-")).toEqual({ kind: "descriptor", number: 1 });
});
