import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ledger, type Verdict } from "./ledger.ts";
import { type LineWish, telemetryLine } from "./lines.ts";
import { FollowReader, type Reader, type ReaderWish } from "./readers.ts";
import { TailReader } from "./tail-reader.ts";
import { pause, waitUntil } from "./waiting.ts";

/** Which reader runs: ours, or the reference. */
export type ReaderKind = "ours" | "tail";

/** One row of the table: what a writer does to a reader. */
export interface Schedule {
  readonly letter: string;
  readonly name: string;
  /** What happens, in one sentence, for the table. */
  readonly story: string;
  /** Programs without which it cannot run, see `missingPrograms`. */
  readonly needs?: readonly string[];
  /** Followers of the same file at a time, which the reference has no means for; one by default. */
  readonly readers?: number;
  /** How the reader is started; the folder is the scene's. */
  readonly launch?: (folder: string) => Pick<ReaderWish, "launcher" | "env">;
  /** What is there before the reader starts. */
  readonly before?: (scene: Scene) => Promise<void> | void;
  readonly run: (scene: Scene) => Promise<void>;
}

/**
 * How long lines stay readable before a writer may destroy them, and how long a reader may take for
 * the rest when the writer has ended, milliseconds at most: ours on a machine that does much else; the
 * reference loses some and is not waited for as long.
 */
const PATIENCE_MS: Readonly<Record<ReaderKind, { readonly seen: number; readonly end: number }>> = {
  ours: { seen: 60_000, end: 120_000 },
  tail: { seen: 5_000, end: 15_000 },
};
/** A little longer, for what comes twice. */
const AFTERMATH_MS = 400;

/** The place of one schedule: a file, a writer's book, and readers. */
export class Scene {
  readonly folder: string;
  /** What is followed. */
  readonly path: string;
  readonly ledger = new Ledger();
  private readonly patienceMs: (typeof PATIENCE_MS)[ReaderKind];
  private readonly readers: readonly Reader[];
  private readonly problems: string[] = [];
  private lines = 0;
  /** Records that did not come in time: nobody waits for them again before the end. */
  private overdue = 0;

  constructor(folder: string, kind: ReaderKind, { readers = 1, launch }: Schedule) {
    this.folder = folder;
    this.patienceMs = PATIENCE_MS[kind];
    this.path = join(folder, "logs", "otel.jsonl");
    const wish = {
      folder,
      path: this.path,
      ledger: this.ledger,
      prepared: true,
      ...launch?.(folder),
    };
    this.readers = Array.from({ length: readers }, () =>
      kind === "ours" ? new FollowReader(wish) : new TailReader(wish),
    );
  }

  /** Text of the next line, booked as written. */
  line(wish?: LineWish): string {
    const line = telemetryLine(this.lines++, wish);
    this.ledger.expect(line.records);
    return line.text;
  }

  /** The next lines, with their newlines. */
  text(count: number, wish?: LineWish): string {
    return Array.from({ length: count }, () => `${this.line(wish)}\n`).join("");
  }

  /** A line that is booked nowhere: it is never written whole. */
  unwritten(): string {
    return telemetryLine(1_000_000 + this.lines++).text;
  }

  /** Gives the readers time to see everything that was written before it is destroyed. */
  async seen(): Promise<void> {
    await this.all(this.patienceMs.seen);
  }

  async start(): Promise<void> {
    await Promise.all(this.readers.map((reader) => reader.start()));
  }

  async stop(): Promise<void> {
    const ends = await Promise.all(this.readers.map((reader) => reader.stop()));
    this.problems.push(...ends.flat());
  }

  /** Ends the readers as a power cut does. */
  async kill(): Promise<void> {
    await Promise.all(this.readers.map((reader) => reader.kill()));
  }

  /** Waits for the rest, ends the readers and compares. */
  async verdict(): Promise<Verdict> {
    this.overdue = 0;
    await this.all(this.patienceMs.end);
    await pause(AFTERMATH_MS);
    await this.stop();
    const [reader] = this.readers;
    if (reader === undefined) throw new Error("a scene without readers");
    return this.ledger.compare(await reader.arrival(), this.problems);
  }

  private async all(patienceMs: number): Promise<void> {
    const [reader] = this.readers;
    const missing = async (): Promise<number> =>
      this.ledger.written - ((await reader?.count()) ?? 0);
    const inTime = await waitUntil(async () => (await missing()) <= this.overdue, patienceMs);
    if (!inTime) this.overdue = await missing();
  }
}

/** Plays a schedule from its beginning to its end. */
export async function play(schedule: Schedule, kind: ReaderKind): Promise<Verdict> {
  const folder = await mkdtemp(join(tmpdir(), "cctelemetry-faults-"));
  const scene = new Scene(folder, kind, schedule);
  await mkdir(join(folder, "logs"));
  try {
    await schedule.before?.(scene);
    await scene.start();
    await schedule.run(scene);
    return await scene.verdict();
  } finally {
    await scene.kill();
    await rm(folder, { recursive: true, force: true });
  }
}
