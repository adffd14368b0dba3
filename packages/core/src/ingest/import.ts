import { statSync } from "node:fs";
import { resolve } from "node:path";
import { KnownError } from "../errors.ts";
import { Batch } from "../model/batch.ts";
import { type NotRead, NotReadTally } from "../model/not-read.ts";
import { RecordWriter } from "../model/record-writer.ts";
import { discover, type PathFailure } from "../source/find/discover.ts";
import { rotationStateOf } from "../source/find/rotation-state.ts";
import { openSource } from "../source/read/open.ts";
import type { OpenedSource } from "../source/read/opened-source.ts";
import type { Store } from "../store/store.ts";
import { CursorRegistry, startProgress } from "./cursor.ts";
import { type FileOutcome, FileReader, unterminated } from "./file-reader.ts";
import { LineDecoder } from "./line-decoder.ts";
import { readBody } from "./lines/binary-body.ts";
import type { PartialLine } from "./partial-line.ts";
import { Pipeline } from "./pipeline.ts";
import { rememberPlaces } from "./places.ts";

/** How far an import has come. */
export interface ImportProgress {
  readonly path: string;
  readonly bytesRead: number;
  /** Undefined where standard input is read. */
  readonly bytesTotal: number | undefined;
  readonly records: number;
}

export interface ImportOptions {
  /** Decodes everything and stores nothing. */
  readonly dryRun?: boolean;
  readonly onProgress?: (progress: ImportProgress) => void;
  /** The longest line held in memory, bytes; a longer one is read piece by piece. 32 MiB by default. */
  readonly maxLineBytes?: number;
  /** Rows of one transaction: fewer hold the lock shorter, more cost less. 30,720 by default. */
  readonly leaseRows?: number;
  /** Stops between two blocks; what was stored until then stays. */
  readonly signal?: AbortSignal;
}

/** What became of one file. */
export interface FileSummary {
  readonly path: string;
  readonly framing: string;
  readonly bytes: number;
  /** Where reading began; 0 for a file that was not known. */
  readonly from: number;
  readonly lines: number;
  readonly records: number;
  readonly rejected: number;
}

/** What an import came to. */
export interface ImportSummary {
  readonly files: readonly FileSummary[];
  readonly skipped: readonly { readonly path: string; readonly reason: string }[];
  /** Paths that were named and could not be read; everything else was. */
  readonly failures: readonly PathFailure[];
  /** Why lines were not read, the most frequent reason first. */
  readonly notRead: readonly NotRead[];
  readonly totals: {
    readonly files: number;
    readonly bytes: number;
    readonly lines: number;
    readonly logRecords: number;
    readonly points: number;
    readonly spans: number;
    readonly duplicates: number;
    readonly rejectedLines: number;
  };
}

/**
 * Reads files, directories, globs or standard input ("-") into a store. What
 * the store has read of a file is not read again; a record it holds already is
 * not stored again. A path that cannot be read stops none of the others; throws a KnownError if
 * none can.
 */
export async function importPaths(
  store: Store,
  paths: readonly string[],
  options: ImportOptions = {},
): Promise<ImportSummary> {
  const { groups, skipped, failures } = await discover(paths);
  throwIfAll(failures, groups.length === 0);
  const run = new ImportRun(store, options, sizeOf(groups.flatMap(({ files }) => files)));
  await run.begin();
  for (const { files } of groups) await run.group(files);
  const summary = await run.finish(skipped, failures);
  throwIfAll(summary.failures, summary.files.length === 0);
  const failed = new Set(summary.failures.map(({ path }) => path));
  const found = paths.filter((path) => !failed.has(path));
  if (options.dryRun !== true) await rememberPlaces(store, found);
  return summary;
}

/** Throws what is wrong with the paths if nothing else was found behind them. */
function throwIfAll(failures: readonly PathFailure[], all: boolean): void {
  const [first, second] = failures;
  if (first === undefined || !all) return;
  if (second === undefined) throw first.error;
  const reasons = failures.map(({ error }) => error.message).join(" ");
  throw new KnownError(first.error.code, `None of the paths can be read. ${reasons}`, {
    ...(first.error.hint === undefined ? {} : { hint: first.error.hint }),
    cause: first.error,
  });
}

/** One import: its pipeline and what it has read so far. */
class ImportRun {
  private readonly store: Store;
  private readonly options: ImportOptions;
  private readonly writer: RecordWriter;
  private readonly decoder: LineDecoder;
  private readonly pipeline: Pipeline;
  private files: readonly FileSummary[] = [];
  private readonly cursors: CursorRegistry = new CursorRegistry();
  private readonly bytesTotal: number | undefined;
  private readonly refused: { path: string; reason: string }[] = [];
  private readonly failures: PathFailure[] = [];
  private readonly notRead: NotReadTally = new NotReadTally();
  private bytesBefore = 0;

  constructor(store: Store, options: ImportOptions, bytesTotal: number | undefined) {
    this.store = store;
    this.writer = new RecordWriter(new Batch(), store.ownTags);
    this.decoder = new LineDecoder(this.writer, readBody);
    this.options = options;
    this.bytesTotal = bytesTotal;
    const target = options.dryRun === true ? undefined : store;
    this.pipeline = new Pipeline(target, this.writer.batch, options.leaseRows);
  }

  /** Learns what the store knows of files. */
  async begin(): Promise<void> {
    if (this.options.dryRun === true || !this.store.exists) return;
    await this.store.peeking((session) => this.cursors.load(session));
  }

  /** Reads the files of one rotation, oldest first. */
  async group(paths: readonly string[]): Promise<void> {
    let partial: PartialLine | undefined;
    const rotation = rotationStateOf(paths);
    for (const path of paths) {
      // Where the files were rotated once more meanwhile, another file is the next one.
      if (partial !== undefined && rotationStateOf(paths) !== rotation) partial = undefined;
      partial = await this.file(path, partial);
    }
  }

  /** Stores what is left and sums up. */
  async finish(
    skipped: readonly { path: string; reason: string }[],
    failures: readonly PathFailure[],
  ): Promise<ImportSummary> {
    await this.pipeline.flush();
    await this.pipeline.settle();
    const { stored } = this.pipeline;
    const sum = (key: "bytes" | "lines" | "rejected"): number =>
      this.files.reduce((total, file) => total + file[key], 0);
    return {
      files: this.files,
      skipped: [...skipped, ...this.refused],
      failures: [...failures, ...this.failures],
      notRead: this.notRead.list(),
      totals: {
        files: this.files.length,
        bytes: sum("bytes"),
        lines: sum("lines"),
        logRecords: stored.logs,
        points: stored.points,
        spans: stored.spans,
        duplicates: stored.duplicates,
        rejectedLines: sum("rejected"),
      },
    };
  }

  /** Reads a file, or notes why it cannot be read; a disk that fails stops none of the others. */
  private async file(
    path: string,
    partial: PartialLine | undefined,
  ): Promise<PartialLine | undefined> {
    try {
      return await this.fileOf(path, partial);
    } catch (error) {
      if (!(error instanceof KnownError)) throw error;
      if (error.code === "ambiguous-signal") this.refused.push({ path, reason: error.message });
      else if (error.code.startsWith("path-")) this.failures.push({ path, error });
      else throw error;
      return undefined;
    }
  }

  private async fileOf(
    path: string,
    partial: PartialLine | undefined,
  ): Promise<PartialLine | undefined> {
    const { maxLineBytes } = this.options;
    const source = await openSource(path, maxLineBytes === undefined ? {} : { maxLineBytes });
    try {
      const cursor = await this.cursors.cursorOf(source);
      const progress = { ...startProgress(source, cursor), checkpoints: [] };
      const wish = { ending: "final", onBlock: () => this.tick(source) } as const;
      const reader = new FileReader(source, this.decoder, this.pipeline, progress, wish);
      const outcome = await reader.read(partial);
      this.cursors.record(progress);
      this.notRead.addAll(outcome.notRead);
      this.forgive(outcome.joined);
      this.files = [...this.files, summaryOf(source, outcome, cursor.offset)];
      this.bytesBefore += source.sizeBytes ?? source.bytesConsumed();
      return source.framing === "empty" ? partial : outcome.partial;
    } finally {
      await source.close();
    }
  }

  /** The partial lines at the ends of files before were no damage after all. */
  private forgive(joined: readonly PartialLine[]): void {
    const whole = new Set(joined.map(({ file }) => file.path));
    for (const { bytes, offset } of joined) {
      const { reason, detail } = unterminated(bytes, offset, false);
      this.notRead.add(reason, detail, -1);
    }
    this.files = this.files.map((file) =>
      whole.has(resolve(file.path)) ? { ...file, rejected: file.rejected - 1 } : file,
    );
  }

  private tick(source: OpenedSource): true {
    this.options.signal?.throwIfAborted();
    this.options.onProgress?.({
      path: source.path,
      bytesRead: this.bytesBefore + source.bytesConsumed(),
      bytesTotal: this.bytesTotal,
      records: this.pipeline.taken,
    });
    return true;
  }
}

function summaryOf(source: OpenedSource, outcome: FileOutcome, from: number): FileSummary {
  return {
    path: source.path,
    framing: source.framing,
    bytes: source.sizeBytes ?? source.bytesConsumed(),
    from,
    lines: outcome.lines,
    records: outcome.records,
    rejected: outcome.rejected,
  };
}

/** Bytes of all files together; undefined if one is standard input or has no known size. */
function sizeOf(paths: readonly string[]): number | undefined {
  if (paths.includes("-")) return undefined;
  try {
    return paths.reduce((sum, path) => sum + statSync(path).size, 0);
  } catch {
    return undefined;
  }
}
