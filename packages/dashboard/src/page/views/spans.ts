/** Rows with times as spans of a timeline. */

import type { TableMessage } from "../../host/protocol.ts";
import type { TimelineSpan } from "../charts/timeline.tsx";
import { microsOf } from "../data/cells.ts";
import { huesOf } from "../data/colours.ts";
import { lanesOf } from "../data/lanes.ts";
import { costOfRow, type Reader, type Row, readerOf } from "../data/rows.ts";
import { durationText, partlyKnownText, usdText } from "../data/text.ts";

/** Runs of stages; those at the same time on lanes of their own. */
export function stageSpans(table: TableMessage): readonly TimelineSpan[] {
  const read = readerOf(table.columns);
  const hues = huesOf(table.rows.map((row) => read.text(row, "stage")));
  const runs = table.rows
    .map((row) => ({
      stage: read.text(row, "stage"),
      task: read.text(row, "task_id"),
      cost: costOfRow(read, row),
      start: msOf(read.text(row, "start_time")),
      end: msOf(read.text(row, "end_time")),
    }))
    .filter((run) => Number.isFinite(run.start) && Number.isFinite(run.end))
    .sort((a, b) => a.start - b.start || a.end - b.end);
  const lanes = lanesOf(runs);
  return runs.map(({ stage, task, cost, start, end }, at) => ({
    key: `${stage} ${at}`,
    name: stage,
    colour: hues.get(stage) ?? "hue-other",
    start,
    end,
    lane: lanes[at] ?? 0,
    text: `${stage} ${task}: ${durationText(end - start)}, ${partlyKnownText(cost)}`,
  }));
}

const stepColours: Readonly<Record<string, string>> = {
  prompt: "hue-prompt",
  request: "token-input",
  tool: "token-output",
  subagent: "token-cache-write",
};

/** Steps of a session, each on a lane of its own. */
export function stepSpans(table: TableMessage, rows: readonly Row[]): readonly TimelineSpan[] {
  const read = readerOf(table.columns);
  return rows.map((row, at) => {
    const step = read.text(row, "step");
    const start = msOf(read.text(row, "start_time"));
    const end = msOf(read.text(row, "end_time"));
    const isBad = /^(?:failed|[45]\d\d|error|refusal)$/.test(read.text(row, "outcome") || step);
    return {
      key: String(at),
      name: stepName(read, row),
      colour: stepColours[step] ?? "hue-other",
      start,
      end,
      lane: at,
      text: `${stepName(read, row)}: ${durationText(end - start)}${costText(read, row)}`,
      isBad,
    };
  });
}

function stepName(read: Reader, row: Row): string {
  const subject = read.text(row, "subject");
  return subject === "" ? read.text(row, "step") : `${read.text(row, "step")} ${subject}`;
}

function costText(read: Reader, row: Row): string {
  const { usd } = costOfRow(read, row);
  return usd === undefined || usd === 0 ? "" : `, ${usdText(usd)}`;
}

function msOf(iso: string): number {
  const micros = microsOf(iso);
  return micros === undefined ? Number.NaN : Number(micros) / 1000;
}
