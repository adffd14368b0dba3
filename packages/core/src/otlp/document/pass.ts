import type { Signal } from "../protobuf/protobuf.ts";
import type { TextFault } from "./text.ts";

/** An entry of `resourceLogs` and its like, or of `scopeLogs` and its like. */
export type EntryLevel = "resource" | "scope";

/** Why something of a document was not taken. */
export type WalkFault = TextFault | "too-large" | "wrong-type" | "unknown-field";

/** Where something stands: the byte, at most a window before it, and the path. */
export interface Place {
  readonly offset: number;
  readonly path: string;
}

/** Something that was not taken, where it stood, and why. */
export interface FoundProblem extends Place {
  readonly reason: WalkFault;
  readonly detail: string;
}

/** One log record, metric or span as JSON. */
export interface FoundElement extends Place {
  readonly signal: Signal;
  readonly resourceIndex: number;
  readonly scopeIndex: number;
  readonly element: unknown;
}

/** What a pass over a document does with what it finds. */
export interface Pass {
  /** Whether the fields beside the records are to be assembled. */
  readonly wantsFields: boolean;
  /** Whether the record that comes here is. */
  wantsElement(place: () => Place): boolean;
  begin(level: EntryLevel): void;
  /** A field of the entry that was begun last. */
  field(level: EntryLevel, name: string, value: unknown): void;
  end(level: EntryLevel, state: "whole" | "torn"): void;
  element(found: FoundElement): void;
  /** A record or field that was wanted and is over a limit; `field` says which of an entry. */
  refused(problem: FoundProblem, field?: { level: EntryLevel; name: string }): void;
  /** Something that every pass meets: a fault of the text, a wrong type, an unknown field. */
  problem(problem: FoundProblem): void;
}
