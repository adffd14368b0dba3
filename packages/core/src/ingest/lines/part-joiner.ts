import { isUtf8 } from "node:buffer";
import { beginsRequest } from "../../otlp/request-start.ts";
import type { Rejection } from "../rejections.ts";
import { JsonExtent } from "./json-extent.ts";
import { type LinePart, mayBePart, opensLine, readPart } from "./parts.ts";

/** How one line is decoded: `bytes[start, end)` at `offset` of its source; gives what was rejected. */
export type DecodeLine = (
  bytes: Buffer,
  start: number,
  end: number,
  offset: number,
  validUtf8: boolean,
) => readonly Rejection[];

/** More is not held for the last part of a line, bytes; what is there is then read as it is. */
const MOST_BYTES = 32 * 1024 * 1024;

/** A line as it stands, or one that is put together of parts. */
interface HeldLine {
  readonly offset: number;
  /** Where the line, or the last part of it so far, ends. */
  end: number;
  readonly pieces: Buffer[];
  /** Undefined for a line as it stands, and once the last part is there. */
  waitsFor: { readonly writer: string; readonly extent: JsonExtent } | undefined;
}

/**
 * Decodes the lines of one source in order and joins those that a log driver has cut into parts.
 * Lines are held from the first part until the last one is there: a reader that stores `heldFrom` as
 * its position and starts there again gets the same records.
 */
export class PartJoiner {
  private readonly decode: DecodeLine;
  private held: HeldLine[] = [];
  private size = 0;
  private raw: Buffer[] = [];

  constructor(decode: DecodeLine) {
    this.decode = decode;
  }

  /** Where the first line begins that is held; undefined where none is. */
  get heldFrom(): number | undefined {
    return this.held[0]?.offset;
  }

  /** Whether nothing is held but one line in parts. */
  get holdsOneLine(): boolean {
    return this.held.length === 1;
  }

  /** Takes one line without its line feed. Gives what was rejected of it, and of those it completes. */
  line(
    bytes: Buffer,
    start: number,
    end: number,
    offset: number,
    validUtf8: boolean,
  ): readonly Rejection[] {
    if (this.held.length === 0 && !mayBePart(bytes, start, end)) {
      return this.decode(bytes, start, end, offset, validUtf8);
    }
    // What is held outlives the block it came in.
    const raw = Buffer.from(bytes.subarray(start, end + 1));
    const line = raw.subarray(0, end - start);
    const part = readPart(line);
    const opens = part !== undefined && opensLine(part);
    if (this.held.length === 0 && !opens) {
      return this.decode(bytes, start, end, offset, validUtf8);
    }
    this.raw.push(raw);
    this.size += raw.length;
    this.hold(line, offset, part, opens);
    const waits = this.held.some(({ waitsFor }) => waitsFor !== undefined);
    return waits && this.size <= MOST_BYTES ? none : this.release();
  }

  /** Decodes what is held as it is: nothing more will come. */
  release(): readonly Rejection[] {
    const { held } = this;
    this.drop();
    return held.flatMap((line) => this.decodeHeld(line));
  }

  /** The bytes of the source that are held, line feeds among them. */
  heldBytes(): Buffer {
    return Buffer.concat(this.raw);
  }

  /** Forgets what is held: it is read again. */
  drop(): void {
    this.held = [];
    this.size = 0;
    this.raw = [];
  }

  private hold(line: Buffer, offset: number, part: LinePart | undefined, opens: boolean): void {
    const end = offset + line.length;
    const open = this.held.find(({ waitsFor }) => waitsFor?.writer === part?.writer);
    if (part !== undefined && open?.waitsFor !== undefined) {
      // Within another request the quotes of one would be escaped.
      if (!part.isWhole && !beginsRequest(part.bytes.toString("latin1", 0, HEAD_BYTES))) {
        open.pieces.push(part.bytes);
        open.end = end;
        open.waitsFor.extent.take(part.bytes);
        const { extent } = open.waitsFor;
        if (part.isLast === true || (part.isLast === "unclear" && extent.isWhole)) {
          open.waitsFor = undefined;
        }
        return;
      }
      open.waitsFor = undefined;
    }
    const waiting: HeldLine = { offset, end, pieces: [line], waitsFor: undefined };
    if (part !== undefined && opens) {
      const extent = new JsonExtent();
      extent.take(part.bytes);
      waiting.pieces[0] = part.bytes;
      waiting.waitsFor = { writer: part.writer, extent };
    }
    this.held.push(waiting);
  }

  private decodeHeld({ offset, end, pieces }: HeldLine): readonly Rejection[] {
    const [first] = pieces;
    if (first === undefined) return none;
    const bytes = pieces.length === 1 ? first : Buffer.concat(pieces);
    const rejections = this.decode(bytes, 0, bytes.length, offset, isUtf8(bytes));
    // Places within what was put together are none of the source.
    return pieces.length === 1
      ? rejections
      : rejections.map((each) => ({ ...each, offset, length: end - offset }));
  }
}

/** Enough of a part to see whether it begins a request. */
const HEAD_BYTES = 64;
const none: readonly Rejection[] = [];
