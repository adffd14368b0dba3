import type { ReportParameter } from "./report.ts";

/** How a parameter is written and what it does. */
export interface ParameterText {
  /** What stands for its value in help. */
  readonly argument: string;
  readonly text: string;
  /** Values to show as examples. */
  readonly examples: readonly string[];
}

/** Every parameter of reports. From here follow the options of the command and their help. */
export const reportParameters: Readonly<Record<ReportParameter, ParameterText>> = {
  since: {
    argument: "time",
    text: "only what happened from then on; a day means its first moment",
    examples: ["2026-11-21", "2026-11-21 14:30", "today", "yesterday"],
  },
  until: {
    argument: "time",
    text: "only what happened before then; a day is included",
    examples: ["2026-11-21", "2026-11-21 14:30", "yesterday"],
  },
  last: {
    argument: "span",
    text: "only the last minutes, hours, days, weeks, months or years; days are whole and include today",
    examples: ["90m", "24h", "7d", "4w", "1mo", "1y"],
  },
  tz: {
    argument: "zone",
    text: "time zone of days and times; the system's by default",
    examples: ["Europe/Berlin", "UTC"],
  },
  session: {
    argument: "id",
    text: "only this session; its first characters will do",
    examples: ["efccdab8"],
  },
  workflow: {
    argument: "id",
    text: "only this workflow; (none) selects what has no workflow",
    examples: [".claude-4nq", "(none)"],
  },
  stage: {
    argument: "name",
    text: "only this stage; (none) selects what has no stage",
    examples: ["implement", "(none)"],
  },
  task: {
    argument: "id",
    text: "only this task; (none) selects what has no task",
    examples: [".claude-4nq.2-implement", "(none)"],
  },
  agent: {
    argument: "name",
    text: "only the agent a task was given to; (none) is what was given to none",
    examples: ["coder", "(none)"],
  },
  prompt: {
    argument: "id",
    text: "only this prompt; the first characters of its id are enough; (none) selects what has no prompt",
    examples: ["3f1c9a52", "(none)"],
  },
  model: {
    argument: "name",
    text: "only this model, by any of its names",
    examples: ["claude-opus-5-5"],
  },
  by: {
    argument: "what",
    text: "split the rows by this",
    examples: ["model", "stage"],
  },
  bucket: {
    argument: "span",
    text: "how much time a row stands for",
    examples: ["hour", "minute", "day"],
  },
  limit: {
    argument: "rows",
    text: "at most so many rows; all for every row",
    examples: ["10", "all"],
  },
};
