/**
 * What the page and its host say to each other. The host is an editor or a local server; the page
 * knows it by these messages alone. Everything is plain JSON; both sides check what they are given
 * (`protocol-schema.ts`), for names and texts in it come from telemetry.
 */

/** Rows of one table message are cut here. */
export const MOST_ROWS = 5_000;

export const tabNames = [
  "live",
  "workflows",
  "sessions",
  "models",
  "tools",
  "cache",
  "sql",
] as const;

export type TabName = (typeof tabNames)[number];

/** What the page can ask the host to show; each is a command of the host's own. */
export const hostCommands = ["settings", "log", "folder", "import", "walkthrough"] as const;

export type HostCommand = (typeof hostCommands)[number];

/** Parameters of a report by their names on the command line; null is as if it were not given. */
export type ReportParameters = Readonly<Record<string, string | number | null>>;

/** What outlives a hidden page or a reloaded window. */
export interface PageState {
  readonly tab: TabName;
  /** Range of time, as `last` or `since` and `until` of the reports; null is no restriction. */
  readonly last: string | null;
  readonly since: string | null;
  readonly until: string | null;
  readonly session: string | null;
  readonly workflow: string | null;
  readonly stage: string | null;
  readonly model: string | null;
  /** The workflow and the session that are open in their tabs. */
  readonly openWorkflow: string | null;
  readonly openSession: string | null;
  /** What usage over time is split by, as `by` of the reports; null is by model. */
  readonly split: string | null;
  /** What stands in the editor, and what was run before, newest first. */
  readonly sql: string;
  readonly history: readonly string[];
}

/** From the page to its host. */
export type PageMessage =
  /** The page stands: the host answers with `welcome`, then `live` at every change. */
  | { readonly kind: "ready" }
  | {
      readonly kind: "report";
      readonly id: number;
      readonly name: string;
      readonly parameters: ReportParameters;
    }
  /** One reading statement, at most `limit` rows. */
  | { readonly kind: "query"; readonly id: number; readonly sql: string; readonly limit: number }
  /** Tables, views and columns, for completion. */
  | { readonly kind: "schema"; readonly id: number }
  /** The answer to a request is no longer wanted; none need come. */
  | { readonly kind: "cancel"; readonly id: number }
  | { readonly kind: "copy"; readonly text: string }
  /** To be saved as a file where the user chooses; `name` is a proposal. */
  | { readonly kind: "save"; readonly name: string; readonly text: string }
  /** The session that the host shall show as the active one; null for the newest. */
  | { readonly kind: "pin"; readonly sessionId: string | null }
  | { readonly kind: "command"; readonly command: HostCommand }
  | { readonly kind: "state"; readonly state: PageState };

/** From the host to the page. */
export type HostMessage =
  | {
      readonly kind: "welcome";
      /** As the page sent it last; null at the first time. */
      readonly state: PageState | null;
      readonly timeZone: string;
      /** The session that is pinned, if any. */
      readonly pinned: string | null;
      readonly reports: readonly ReportDescription[];
    }
  | LiveMessage
  | TableMessage
  | {
      readonly kind: "schema";
      readonly id: number;
      readonly relations: readonly RelationDescription[];
    }
  | {
      readonly kind: "failed";
      readonly id: number;
      /** One sentence; the hint names the next step. */
      readonly message: string;
      readonly hint?: string | undefined;
    }
  /** Another view is to be opened, e.g. because the user clicked the status bar. */
  | {
      readonly kind: "show";
      readonly tab: TabName;
      readonly session?: string | null | undefined;
      readonly workflow?: string | null | undefined;
      readonly sql?: string | undefined;
    }
  | { readonly kind: "pinned"; readonly sessionId: string | null }
  /** The store has new rows: visible views ask again. */
  | { readonly kind: "changed" };

/** A report as `reports` of the core declares it. */
export interface ReportDescription {
  readonly name: string;
  readonly title: string;
  readonly question: string;
  readonly parameters: readonly string[];
  readonly required: readonly string[];
  readonly splits: readonly string[];
  readonly limit: number | null;
  readonly columns: readonly ReportColumnDescription[];
}

export interface ReportColumnDescription {
  readonly name: string;
  readonly label: string;
  readonly role: "dimension" | "measure";
  readonly unit: string;
  readonly bar: boolean;
  readonly minor: boolean;
}

/** A table or view that SQL can name. */
export interface RelationDescription {
  readonly name: string;
  readonly comment: string | null;
  readonly columns: readonly {
    readonly name: string;
    readonly type: string;
    readonly comment: string | null;
  }[];
}

/**
 * A value in a row. Numbers that a double does not hold exactly are their digits as text, an
 * instant is ISO 8601 in UTC, a list or struct is its JSON; the column's type says which it is.
 */
export type Cell = string | number | boolean | null;

export interface TableColumn {
  readonly name: string;
  readonly label: string;
  /** The engine's type, e.g. `BIGINT`, `TIMESTAMP WITH TIME ZONE`. */
  readonly type: string;
  /** A unit of the reports, e.g. `tokens`; null in answers to queries. */
  readonly unit: string | null;
  readonly role: "dimension" | "measure" | null;
  /** True where a bar shall show each value's part of the largest. */
  readonly bar: boolean;
  /** True where a narrow table may do without it. */
  readonly minor: boolean;
}

/** The answer to `report` and `query`. */
export interface TableMessage {
  readonly kind: "table";
  readonly id: number;
  readonly columns: readonly TableColumn[];
  readonly rows: readonly (readonly Cell[])[];
  /** True where there are more rows than these. */
  readonly more: boolean;
  /** What a report covers; null for a query. */
  readonly footer: TableFooter | null;
}

export interface TableFooter {
  /** ISO 8601 in UTC; null without any usage in the range. */
  readonly firstTime: string | null;
  readonly lastTime: string | null;
  readonly timeZone: string;
  /** Sessions in the range, and those of which events and metrics agree. */
  readonly sessions: number;
  readonly agreeing: number;
  readonly rejectedLines: number;
  /** Names of tags in the range that usage can be split by; only in answers that are split. */
  readonly tags: readonly string[];
}

/** The longest id of a session that is sent, characters: ids are never cut, since two might be one then. */
export const LONGEST_ID = 32_768;

/** The live state. Times are microseconds since 1970 UTC. */
export interface LiveMessage {
  readonly kind: "live";
  readonly now: number;
  /** Newest activity first. */
  readonly sessions: readonly LiveSessionView[];
  readonly today: LiveTotalsView & {
    readonly day: string;
    readonly sessions: number;
    readonly burn: LiveBurnView;
  };
  /** Newest first. */
  readonly recent: readonly LiveEventView[];
  readonly store: ConditionView;
  readonly files: readonly LiveFileView[];
  /** How far a large backlog was read, 0 to 1; null when there is none. */
  readonly catchingUp: number | null;
}

/** Tokens and money; every amount is exact, its digits as text. */
export interface LiveSpentView {
  readonly inputTokens: string;
  readonly outputTokens: string;
  readonly cacheReadTokens: string;
  readonly cacheCreationTokens: string;
  readonly totalTokens: string;
  /** Of what has a price; null where nothing has. */
  readonly costUsd: string | null;
}

export interface LiveTotalsView extends LiveSpentView {
  /** Requests whose cost nobody sent: with any of them the cost is at least that of the others. */
  readonly unpricedRequests: number;
  readonly requests: number | null;
  readonly ledger: "events" | "metrics" | "mixed" | null;
  readonly cacheHitRate: number | null;
  readonly errors: number;
  readonly refusals: number;
  readonly toolCalls: number;
  readonly toolFailures: number;
  readonly prompts: number;
}

export interface LiveBurnView {
  readonly tokensPerMinute: number;
  /** Of what has a price; null where nothing of these minutes has. */
  readonly usdPerMinute: number | null;
  /** Requests of these minutes without a price. */
  readonly unpricedRequests: number;
}

export interface LivePartView extends LiveSpentView {
  readonly unpricedRequests: number;
  readonly name: string | null;
  readonly requests: number;
}

export interface LiveSessionView extends LiveTotalsView {
  readonly sessionId: string;
  readonly firstTime: number;
  readonly lastTime: number;
  readonly lastActivity: number;
  readonly model: string | null;
  readonly source: string | null;
  readonly workflowId: string | null;
  readonly stage: string | null;
  readonly taskId: string | null;
  readonly agent: string | null;
  readonly promptId: string | null;
  readonly contextTokens: string | null;
  readonly burn: LiveBurnView;
  readonly models: readonly LivePartView[];
  readonly stages: readonly LivePartView[];
}

/** One event; what does not apply to its kind is null. */
export interface LiveEventView {
  readonly id: string;
  readonly kind: "request" | "error" | "refusal" | "tool" | "prompt" | "mark" | "event";
  readonly time: number;
  readonly name: string;
  readonly sessionId: string | null;
  readonly workflowId: string | null;
  readonly stage: string | null;
  readonly model: string | null;
  readonly source: string | null;
  readonly durationMs: string | null;
  readonly spent: LiveSpentView | null;
  /** Name of a tool or of a command. */
  readonly subject: string | null;
  readonly success: boolean | null;
  readonly error: string | null;
  /** Characters of a prompt. */
  readonly length: string | null;
}

/** Whether something works; `message` says why it does not. */
export interface ConditionView {
  readonly kind: string;
  readonly message: string | null;
  readonly hint: string | null;
}

export interface LiveFileView {
  readonly path: string;
  readonly condition: ConditionView;
  readonly sizeBytes: number;
  readonly offset: number;
  readonly rejectedLines: number;
}
