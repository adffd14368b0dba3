/** What the numbers of a column count. */
export type ReportUnit =
  | "tokens"
  | "usd"
  | "ms"
  | "seconds"
  | "count"
  | "ratio"
  | "bytes"
  | "time"
  | "text";

/** A column of a report. */
export interface ReportColumn {
  /** The name in SQL, JSON and CSV. */
  readonly name: string;
  /** The heading in tables. */
  readonly label: string;
  /** What the row is about, or what was counted for it. */
  readonly role: "dimension" | "measure";
  readonly unit: ReportUnit;
  /** True where a bar shall show each value's part of the largest. */
  readonly bar?: boolean;
  /** Left out of the result unless a split was asked for, or where one was. */
  readonly shown?: "with-split" | "without-split";
  /** True where a narrow table may do without it; JSON and CSV always have it. */
  readonly minor?: boolean;
  /** True where a table does without it unless a value is something else than zero; JSON and CSV always have it. */
  readonly whenSome?: boolean;
}

/** A parameter by its name on the command line and in SQL. */
export type ReportParameter =
  | "since"
  | "until"
  | "last"
  | "tz"
  | "session"
  | "workflow"
  | "stage"
  | "task"
  | "agent"
  | "prompt"
  | "model"
  | "by"
  | "bucket"
  | "limit";

export type ReportName =
  | "summary"
  | "daily"
  | "weekly"
  | "monthly"
  | "sessions"
  | "session"
  | "prompts"
  | "requests"
  | "waterfall"
  | "workflows"
  | "stages"
  | "tasks"
  | "agents"
  | "timeline"
  | "models"
  | "tools"
  | "cache"
  | "activity"
  | "errors"
  | "coverage";

/** A report: everything that terminal, JSON, dashboard and help need to know of it. */
export interface Report {
  readonly name: ReportName;
  /** A few words for lists. */
  readonly title: string;
  /** The question it answers, as its heading. */
  readonly question: string;
  /** One statement; its parameters are those of `parameters`, but `last`, which becomes `since`. */
  readonly sql: string;
  readonly parameters: readonly ReportParameter[];
  /** Parameters it cannot do without. */
  readonly required?: readonly ReportParameter[];
  /** What `by` may be. */
  readonly splits?: readonly string[];
  /** What `bucket` may be, first what it is where it is not asked for. */
  readonly buckets?: readonly string[];
  /** Rows that are given where no limit is asked for; all of them where it is left out. */
  readonly limit?: number;
  readonly columns: readonly ReportColumn[];
}
