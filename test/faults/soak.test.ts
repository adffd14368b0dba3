import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { testFolder } from "../support/cli.ts";
import { Ledger, survived } from "./support/ledger.ts";
import { telemetryLine } from "./support/lines.ts";
import { FollowReader } from "./support/readers.ts";
import { leftOut, noteResult } from "./support/results.ts";
import { pause, waitUntil } from "./support/waiting.ts";
import { appendBytes, backupPath, RotatingWriter } from "./support/writers.ts";

/** `npm run bench -- faults --only R7` asks for ten minutes, a thousand rotations and a million events. */
const seconds = Number(process.env["FAULTS_SECONDS"] ?? 12);
const rotations = Number(process.env["FAULTS_ROTATIONS"] ?? 50);
const events = Number(process.env["FAULTS_EVENTS"] ?? 12_000);

const EVENTS_OF_A_LINE = 8;
const BATCH_MS = 50;
const LOOK_MS = 100;
/** Only one that falls behind for good fails: how live it is, the bench measures alone on a machine. */
const LAG_MS = 10_000;
/** Of the line that is written before all others; those count from 0. */
const FIRST_NUMBER = 10_000_000;
/** Descriptors may come and go by so many: a lease, a file just rotated away. */
const FEW_DESCRIPTORS = 12;
/** A follower keeps files without a name for a while, in case that they are still written to. */
const LET_GO_MS = 60_000;
/** Backups that a Collector would keep. */
const KEPT_BACKUPS = 5;

const what = `a soak of ${seconds} s with ${rotations} rotations and ${events} events`;

test.skipIf(process.platform !== "linux" || leftOut(what, []))(
  `${what}: no leak, no lag, nothing lost`,
  async () => {
    const folder = await testFolder();
    const ledger = new Ledger();
    const path = join(folder, "logs", "otel.jsonl");
    await mkdir(join(folder, "logs"));
    const reader = new FollowReader({ folder, path, ledger });
    const book: Batch[] = [];
    let written = false;
    try {
      await reader.start();
      await makeDatabase(reader, path, ledger);
      const first = await used(reader.pid);
      const watching = watch(reader, book, () => written);
      await write(path, ledger, book);
      written = true;
      const { lags, samples } = await watching;
      await waitUntil(async () => (await reader.rowCount()) >= ledger.written, 60_000);
      const last = await settled(reader.pid, first.descriptors);
      const problems = await reader.stop();
      const verdict = ledger.compare(await reader.arrival(), problems);
      const figures = {
        lagP50: quantile(lags, 0.5),
        lagP99: quantile(lags, 0.99),
        descriptors: last.descriptors - first.descriptors,
        growthMb: growth(samples.map(({ megabytes }) => megabytes)),
        residentMb: last.megabytes,
        cpuShare: (last.cpuSeconds - first.cpuSeconds) / seconds,
      };
      noteResult({ part: "R7", seconds, rotations, events, ...figures, ...verdict });
      expect(verdict.details).toEqual([]);
      expect(survived(verdict)).toBe(true);
      expect(figures.descriptors).toBeLessThanOrEqual(FEW_DESCRIPTORS);
      expect(figures.lagP99).toBeLessThanOrEqual(LAG_MS);
    } finally {
      written = true;
      await reader.kill();
    }
  },
  3_600_000,
);

/** So many events were written by then. */
interface Batch {
  readonly count: number;
  readonly at: number;
}

/** The first line makes the database, with all its views, which is not what the lag is about. */
async function makeDatabase(reader: FollowReader, path: string, ledger: Ledger): Promise<void> {
  const { text, records } = telemetryLine(FIRST_NUMBER);
  appendBytes(path, `${text}\n`);
  ledger.expect(records);
  await waitUntil(async () => (await reader.rowCount()) >= ledger.written, 60_000);
}

/** Writes at an even pace, with rotations; takes the oldest backups away as the Collector does. */
async function write(path: string, ledger: Ledger, book: Batch[]): Promise<void> {
  const lines = Math.ceil(events / EVENTS_OF_A_LINE);
  const wish = { records: EVENTS_OF_A_LINE, noteLength: 30 };
  const bytes = lines * (telemetryLine(1_000, wish).text.length + 1);
  const writer = new RotatingWriter(path, Math.ceil(bytes / rotations));
  const began = performance.now();
  for (let number = 0; number < lines; number++) {
    const due = began + (number / lines) * seconds * 1_000;
    if (performance.now() + BATCH_MS < due) {
      book.push({ count: ledger.written, at: performance.now() });
      const oldest = writer.rotations - KEPT_BACKUPS;
      if (oldest >= 0) await rm(backupPath(path, oldest), { force: true });
      await pause(BATCH_MS);
    }
    const line = telemetryLine(number, wish);
    writer.line(line.text);
    ledger.expect(line.records);
  }
  writer.close();
  book.push({ count: ledger.written, at: performance.now() });
}

/** Looks how long each batch takes to be stored, and what the reader uses meanwhile. */
async function watch(
  reader: FollowReader,
  book: readonly Batch[],
  isWritten: () => boolean,
): Promise<{ readonly lags: readonly number[]; readonly samples: readonly Used[] }> {
  const lags: number[] = [];
  const samples: Used[] = [];
  let next = 0;
  while (!isWritten() || next < book.length) {
    await pause(LOOK_MS);
    const stored = await reader.rowCount();
    const now = performance.now();
    for (let batch = book[next]; batch !== undefined && batch.count <= stored; batch = book[next]) {
      lags.push(now - batch.at);
      next++;
    }
    samples.push(await used(reader.pid));
    if (now - (book.at(-1)?.at ?? now) > 20_000) break;
  }
  return { lags, samples };
}

/** What a process uses. */
interface Used {
  readonly megabytes: number;
  readonly descriptors: number;
  readonly cpuSeconds: number;
}

/** What it uses when it has let go of the files that were rotated away last. */
async function settled(pid: number | undefined, descriptorsBefore: number): Promise<Used> {
  const few = descriptorsBefore + FEW_DESCRIPTORS;
  await waitUntil(async () => (await used(pid)).descriptors <= few, LET_GO_MS);
  return used(pid);
}

const TICKS_PER_SECOND = 100;

async function used(pid: number | undefined): Promise<Used> {
  const place = `/proc/${pid}`;
  const status = await readFile(join(place, "status"), "utf8");
  const stat = await readFile(join(place, "stat"), "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return {
    megabytes: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1_024,
    descriptors: (await readdir(join(place, "fd"))).length,
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND,
  };
}

/** Growth over the second half, by the means of its two quarters. */
function growth(values: readonly number[]): number {
  const quarter = Math.floor(values.length / 4);
  const mean = (from: number): number =>
    values.slice(from, from + quarter).reduce((sum, value) => sum + value, 0) / quarter;
  return mean(3 * quarter) - mean(2 * quarter);
}

function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN;
}
