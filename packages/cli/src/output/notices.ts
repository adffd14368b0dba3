import { escapeUnsafe } from "@cctelemetry/core/light";
import type { Outputs } from "../process/context.ts";

/** What a store is opened with, so that what it has to say of itself is written to standard error. */
export interface Notices {
  readonly onNotice: (sentence: string) => void;
}

/** Notices of a store, written as they come. */
export function noticesTo({ stderr }: Pick<Outputs, "stderr">): Notices {
  return { onNotice: (sentence) => void stderr.write(noticeText(sentence)) };
}

/** A notice as a line of its own. */
export function noticeText(sentence: string): string {
  return `note: ${escapeUnsafe(sentence)}\n`;
}
