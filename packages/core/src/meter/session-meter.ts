import { statSync } from "node:fs";
import type { LiveRecord } from "../live/record.ts";
import type { LiveSession } from "../live/snapshot.ts";
import { SessionTally } from "../live/tally.ts";
import type { OwnTags } from "../model/own-tags.ts";
import { type FilePosition, readAppended, startOf, stepBack } from "./appended.ts";
import {
  changeOf,
  type LastSurvey,
  type MeterState,
  nodeOf,
  readState,
  type SurveyedDatabase,
  stateKey,
  statePath,
  writeState,
} from "./kept-state.ts";
import { isPlain } from "./plain-lines.ts";
import type { RecordReader } from "./record-reader.ts";

/** What is read at once; more is left to a refresh. */
const MOST_BYTES = 4 * 1024 * 1024;
/** Files are looked for again at most so often where directories change all the time, milliseconds. */
const SURVEY_EVERY_MS = 10_000;
/** And so often while nothing is known of the session: its file may not be there yet. */
const SURVEY_FIRST_MS = 2_000;
/** And so often where a change would not be seen, since it is further below. */
const SURVEY_DEEP_EVERY_MS = 5 * 60_000;

/** Whose numbers a meter shows, and where it keeps them. */
export interface MeterOptions {
  /** The folder of states; made where there is none. */
  readonly folder: string;
  readonly sessionId: string;
  /** What the numbers are taken from, as the user chose it. */
  readonly sources: readonly string[];
  /** Names of tags that stand for columns of workflows, as the settings have them. */
  readonly ownTags?: OwnTags;
}

/**
 * What one session used so far, for processes that live only for a moment: reads what was appended
 * since the last of them, keeps the sums, and leaves everything longer to `refreshMeter`.
 */
export class SessionMeter {
  /** Where the state lies. */
  readonly path: string;
  private readonly options: MeterOptions;
  private readonly key: string;
  private readonly before: MeterState | undefined;
  private readonly tally: SessionTally;
  private files: readonly FilePosition[];
  private lost = false;
  private changed = false;
  private reader: RecordReader | undefined;

  /**
   * @param database which database it is, if that was asked: what is kept of
   *   another one is forgotten.
   */
  constructor(options: MeterOptions, database?: Pick<SurveyedDatabase, "identity">) {
    const { folder, sessionId, sources, ownTags = {} } = options;
    this.options = options;
    const variant = Object.keys(ownTags).length === 0 ? [] : [JSON.stringify(ownTags)];
    this.key = stateKey(sessionId, [...sources, ...variant]);
    this.path = statePath(folder, this.key);
    const kept = readState(this.path, this.key);
    const known = kept?.survey.database.identity;
    const isOther = database !== undefined && known !== undefined && known !== database.identity;
    this.before = isOther ? undefined : kept;
    this.tally = new SessionTally(sessionId, this.before?.tally);
    this.files = this.before?.files ?? [];
  }

  /** Whether files were ever looked for; before, nothing is known. */
  get isSurveyed(): boolean {
    return this.before !== undefined;
  }

  /** Takes what was appended to the known files. */
  async catchUp(): Promise<void> {
    const files: FilePosition[] = [];
    let rest = MOST_BYTES;
    for (const file of this.files) {
      const blocks: Buffer[] = [];
      const read = readAppended(file, rest, (lines) => blocks.push(Buffer.from(lines)));
      if (read.kind !== "read") this.lost = true;
      const position = read.kind === "read" ? read.position : file;
      rest -= position.offset - file.offset;
      if (position !== file) this.changed = true;
      files.push(await this.takeBlocks(position, blocks));
    }
    this.files = files;
  }

  /** Takes what concerns the session of the blocks up to a position; gives where to go on. */
  private async takeBlocks(
    position: FilePosition,
    blocks: readonly Buffer[],
  ): Promise<FilePosition> {
    const concerns = (lines: Buffer) => !isPlain(lines) || lines.includes(this.options.sessionId);
    if (!blocks.some(concerns)) return position;
    const { RecordReader } = await import("./record-reader.ts");
    this.reader ??= new RecordReader(this.options.sessionId, this.options.ownTags);
    for (const lines of blocks) this.take(this.reader, lines);
    return behindLastWhole(this.reader, position);
  }

  /** Whether a refresh would find more than what was appended. Milliseconds since 1970. */
  needsRefresh(now: number): boolean {
    if (this.before === undefined || this.lost) return true;
    const { time, places, others, database } = this.before.survey;
    const age = now - time;
    const pause = this.shown(now) === undefined ? SURVEY_FIRST_MS : SURVEY_EVERY_MS;
    if (age >= 0 && age < pause) return false;
    return (
      nodeOf(database.path) !== database.node ||
      places.some(({ directory, changed }) => changeOf(directory) !== changed) ||
      (places.some(({ deep }) => deep) && Math.abs(age) > SURVEY_DEEP_EVERY_MS) ||
      others.some(({ path, sizeBytes }) => sizeOf(path) !== sizeBytes)
    );
  }

  /** The session at a time, milliseconds since 1970; undefined while there is no telemetry of it. */
  shown(now: number): LiveSession | undefined {
    return this.tally.shown(now * 1000);
  }

  /** Keeps what was taken for the next process; false where nothing can be written. */
  save(now: number): boolean {
    if (this.before === undefined || !this.changed) return true;
    return this.keep(now, this.before.survey, this.files);
  }

  /** Takes the lines of a file from where it was read to; gives how far that is now. */
  readAll(reader: RecordReader, path: string, from: readonly FilePosition[]): FilePosition {
    for (const position of from) {
      const read = readAppended({ ...position, path }, Number.POSITIVE_INFINITY, (lines) =>
        this.take(reader, lines),
      );
      if (read.kind === "read") return behindLastWhole(reader, read.position);
    }
    return startOf(path);
  }

  /** Up to where files were read. */
  get positions(): readonly FilePosition[] {
    return this.files;
  }

  /** Keeps everything with another survey. */
  keep(now: number, survey: LastSurvey, files: readonly FilePosition[]): boolean {
    const tally = this.tally.keep(now * 1000);
    return writeState(this.path, { key: this.key, survey, files, tally });
  }

  /** Takes one record. */
  add(record: LiveRecord): void {
    this.tally.add(record);
  }

  private take(reader: RecordReader, lines: Buffer): void {
    for (const record of reader.records(lines)) this.add(record);
  }
}

/** A line whose last parts are missing is read again from its first part on. */
function behindLastWhole(reader: RecordReader, position: FilePosition): FilePosition {
  const held = reader.endFile();
  return held === 0 ? position : stepBack(position, held);
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
