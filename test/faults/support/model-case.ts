import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { gzipSync } from "node:zlib";
import type { Ledger } from "./ledger.ts";
import { type TelemetryLine, telemetryLine } from "./lines.ts";
import { backupPath, sizeOf } from "./writers.ts";

/** What a writer, a rotation or a user may do to a file. */
export const steps = [
  "line",
  "line",
  "lines",
  "lines",
  "long line",
  "part",
  "part",
  "rest",
  "tear",
  "rotate",
  "copy",
  "copytruncate",
  "truncate",
  "truncate, stale writer",
  "restart, longer",
  "delete",
  "compress",
  "nothing",
] as const;

export type Step = (typeof steps)[number];

/** Steps after which lines that nobody has read are nowhere any more. */
const destroying: ReadonlySet<Step> = new Set([
  "truncate",
  "truncate, stale writer",
  "restart, longer",
  "delete",
]);

/** True for a step that must know what is stored before it. */
export function destroys(step: Step): boolean {
  return destroying.has(step);
}

/** One file, its writer, and what the writer knows: the model that a reader is compared with. */
export class ModelCase {
  readonly path: string;
  private readonly ledger: Ledger;
  private next: number;
  private backups = 0;
  /** The line of which a part is written, and how many bytes. */
  private half: { readonly line: TelemetryLine; readonly written: number } | undefined;
  /** Backups that hold pieces of the line with whose rest the file that has the name now begins. */
  private pieces = 0;
  /** Where a writer that does not append goes on; undefined for one that appends. */
  private position: number | undefined;
  /** Records in the file that has the name now. */
  private current: string[] = [];

  /** `number`, from 1, parts its records from those of other cases: `req_<number><five digits>`. */
  constructor(path: string, number: number, ledger: Ledger) {
    this.path = path;
    this.ledger = ledger;
    this.next = number * 100_000;
    mkdirSync(dirname(path), { recursive: true });
  }

  /** Does one step; `stored` are the records that a reader has stored by now. */
  take(step: Step, stored: ReadonlySet<string>): void {
    if (destroys(step)) this.ledger.excuse(this.current.filter((id) => !stored.has(id)));
    const actions: Readonly<Record<Step, () => void>> = {
      line: () => this.lines(1),
      lines: () => this.lines(12),
      "long line": () => this.lines(1, 9_000),
      part: () => this.part(),
      rest: () => this.rest(),
      tear: () => this.tear(),
      rotate: () => this.rotate(),
      copy: () => this.copy(),
      copytruncate: () => {
        this.copy();
        this.truncate();
      },
      truncate: () => this.truncate(),
      "truncate, stale writer": () => this.truncate({ stale: true }),
      "restart, longer": () => this.restart(),
      delete: () => {
        rmSync(this.path, { force: true });
        this.begin();
      },
      compress: () => this.compress(),
      nothing: () => undefined,
    };
    actions[step]();
  }

  /** Completes what stands half written. */
  end(): void {
    this.rest();
  }

  private lines(count: number, noteLength?: number): void {
    this.rest();
    const wish = noteLength === undefined ? {} : { noteLength };
    const lines = Array.from({ length: count }, () => telemetryLine(this.next++, wish));
    this.write(lines.map(({ text }) => `${text}\n`).join(""));
    for (const line of lines) this.book(line);
  }

  private part(): void {
    const { line, written } = this.half ?? { line: telemetryLine(this.next++), written: 0 };
    const bytes = Buffer.from(line.text);
    const upTo = Math.min(bytes.length, written + 1 + ((this.next * 7_919) % bytes.length));
    this.write(bytes.subarray(written, upTo));
    this.half = { line, written: upTo };
  }

  private rest(): void {
    const { half } = this;
    if (half === undefined) return;
    this.half = undefined;
    const bytes = Buffer.from(`${half.line.text}\n`);
    this.write(bytes.subarray(half.written));
    this.book(half.line);
  }

  /** The writer dies within a line, and the next one goes on behind it. */
  private tear(): void {
    if (this.half === undefined) this.part();
    const { half } = this;
    this.half = undefined;
    if (half !== undefined) this.torn(half);
    if (this.current.length === 0) this.damagedBackups();
    this.lines(1);
  }

  private rotate(): void {
    if (!existsSync(this.path)) return;
    renameSync(this.path, backupPath(this.path, this.backups++));
    this.position = undefined;
    if (this.half === undefined) this.pieces = 0;
    else this.pieces = this.current.length === 0 ? this.pieces + 1 : 1;
    this.current = [];
  }

  private copy(): void {
    if (!existsSync(this.path)) return;
    copyFileSync(this.path, backupPath(this.path, this.backups++));
    // A copy that begins or ends within a line has half a line of its own.
    if (this.pieces > 0) this.ledger.damaged();
    if (this.half !== undefined) this.ledger.damaged();
  }

  private truncate({ stale = false } = {}): void {
    if (!existsSync(this.path)) return;
    const size = sizeOf(this.path);
    truncateSync(this.path);
    this.begin();
    if (!stale || size === 0) return;
    this.position = size;
    this.ledger.damaged();
  }

  /** A new run empties the file and has at once written more than there was. */
  private restart(): void {
    const size = sizeOf(this.path);
    const lines: TelemetryLine[] = [];
    for (let bytes = 0; bytes <= size; ) {
      const line = telemetryLine(this.next++);
      lines.push(line);
      bytes += Buffer.byteLength(line.text) + 1;
    }
    this.begin();
    writeFileSync(this.path, lines.map(({ text }) => `${text}\n`).join(""));
    for (const line of lines) this.book(line);
  }

  /** The oldest backup that is not compressed yet becomes a .gz. */
  private compress(): void {
    const plain = Array.from({ length: this.backups }, (_, index) =>
      backupPath(this.path, index),
    ).find((path) => existsSync(path));
    if (plain === undefined) return;
    writeFileSync(`${plain}.part`, gzipSync(readFileSync(plain)));
    renameSync(`${plain}.part`, `${plain}.gz`);
    rmSync(plain);
  }

  /** A new file: a half line of the old one is never completed. */
  private begin(): void {
    const { half } = this;
    this.half = undefined;
    this.position = undefined;
    this.current = [];
    if (half !== undefined) this.torn(half);
    // The rest is gone with the file, its beginning stays in backups.
    this.damagedBackups();
    this.pieces = 0;
  }

  private damagedBackups(): void {
    for (let piece = 0; piece < this.pieces; piece++) this.ledger.damaged();
  }

  /** A line that is never completed; where all of it but its newline was written it may arrive. */
  private torn({
    line,
    written,
  }: {
    readonly line: TelemetryLine;
    readonly written: number;
  }): void {
    this.ledger.damaged();
    if (written < Buffer.byteLength(line.text)) return;
    this.ledger.expect(line.records);
    this.ledger.excuse([...line.records.keys()]);
  }

  private book(line: TelemetryLine): void {
    this.ledger.expect(line.records);
    this.current.push(...line.records.keys());
  }

  private write(bytes: string | Uint8Array): void {
    const data = Buffer.from(bytes);
    const isStale = this.position !== undefined && existsSync(this.path);
    const file = openSync(this.path, isStale ? "r+" : "a");
    writeSync(file, data, 0, data.length, isStale ? this.position : null);
    closeSync(file);
    if (this.position !== undefined) this.position += data.length;
  }
}
