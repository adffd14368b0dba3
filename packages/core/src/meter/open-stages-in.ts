import { openStages, type StageSpan } from "../attribution/open-stages.ts";
import { stageMark } from "../live/session-stages.ts";
import { LINE_FEED } from "../source/codec/bytes.ts";
import { RecordReader } from "./record-reader.ts";

/**
 * The stages of a session that are open by lines of telemetry, in the order of their begin. A line
 * that is not whole, or cannot be read, says nothing.
 */
export function openStagesIn(lines: Buffer, sessionId: string): readonly StageSpan[] {
  const whole = lines.subarray(0, lines.lastIndexOf(LINE_FEED) + 1);
  const marks = [...new RecordReader(sessionId).records(whole)].flatMap((record) =>
    record.kind === "mark" && record.sessionId === sessionId ? (stageMark(record) ?? []) : [],
  );
  return openStages(marks);
}
