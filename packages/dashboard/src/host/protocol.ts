import { wireStateSchema } from "@cctelemetry/core/wire";
import * as v from "valibot";

/**
 * What the page and its host say to each other. The host is an editor or a local server; the page
 * knows it by these messages alone. Everything is plain JSON. Schemas and types are one: both sides
 * check what they are given, for names and texts in it come from telemetry.
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

/** Text of a name, an identifier or a sentence. */
const text = v.pipe(v.string(), v.maxLength(100_000));
const longText = v.pipe(v.string(), v.maxLength(64 * 1024 * 1024));
const statement = v.pipe(v.string(), v.maxLength(1_000_000));
const count = v.pipe(v.number(), v.finite());
const id = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const optionalText = v.nullable(text);
const tab = v.picklist(tabNames);

/** Any number of them. */
function list<const Item extends v.GenericSchema>(item: Item) {
  return v.pipe(v.array(item), v.readonly());
}

/** What outlives a hidden page or a reloaded window. */
const pageState = v.pipe(
  v.object({
    tab,
    /** Range of time, as `last` or `since` and `until` of the reports; null is no restriction. */
    last: optionalText,
    since: optionalText,
    until: optionalText,
    session: optionalText,
    workflow: optionalText,
    stage: optionalText,
    model: optionalText,
    /** The workflow and the session that are open in their tabs. */
    openWorkflow: optionalText,
    openSession: optionalText,
    /**
     * What usage over time is split by, as `by` of the reports; null is by model. A state that was
     * kept before there were splits has none.
     */
    split: v.optional(optionalText, null),
    /** What stands in the editor, and what was run before, newest first. */
    sql: statement,
    history: v.pipe(v.array(statement), v.maxLength(50), v.readonly()),
  }),
  v.readonly(),
);

/** Parameters of a report by their names on the command line; null is as if it were not given. */
const parameters = v.pipe(
  v.record(v.pipe(v.string(), v.regex(/^[a-z][a-z_]{0,40}$/)), v.nullable(v.union([text, count]))),
  v.readonly(),
);

const pageMessage = v.variant("kind", [
  /** The page stands: the host answers with `welcome`, then `live` at every change. */
  v.object({ kind: v.literal("ready") }),
  v.object({
    kind: v.literal("report"),
    id,
    name: v.pipe(v.string(), v.regex(/^[a-z][a-z_]{0,40}$/)),
    parameters,
  }),
  /** One reading statement, at most `limit` rows. */
  v.object({
    kind: v.literal("query"),
    id,
    sql: statement,
    limit: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MOST_ROWS)),
  }),
  /** Tables, views and columns, for completion. */
  v.object({ kind: v.literal("schema"), id }),
  /** The answer to a request is no longer wanted; none need come. */
  v.object({ kind: v.literal("cancel"), id }),
  v.object({ kind: v.literal("copy"), text: longText }),
  /** To be saved as a file where the user chooses; `name` is a proposal. */
  v.object({
    kind: v.literal("save"),
    name: v.pipe(v.string(), v.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,100}$/)),
    text: longText,
  }),
  /** The session that the host shall show as the active one; null for the newest. */
  v.object({ kind: v.literal("pin"), sessionId: optionalText }),
  v.object({ kind: v.literal("command"), command: v.picklist(hostCommands) }),
  v.object({ kind: v.literal("state"), state: pageState }),
]);

/** A report as `reports` of the core declares it. */
const reportDescription = v.object({
  name: text,
  title: text,
  question: text,
  parameters: list(text),
  required: list(text),
  splits: list(text),
  limit: v.nullable(count),
  columns: list(
    v.object({
      name: text,
      label: text,
      role: v.picklist(["dimension", "measure"]),
      unit: text,
      bar: v.boolean(),
      minor: v.boolean(),
    }),
  ),
});

/**
 * A value in a row. Numbers that a double does not hold exactly are their digits as text, an
 * instant is ISO 8601 in UTC, a list or struct is its JSON; the column's type says which it is.
 */
const cell = v.nullable(v.union([v.string(), v.number(), v.boolean()]));

const tableColumn = v.object({
  name: text,
  label: text,
  /** The engine's type, e.g. `BIGINT`, `TIMESTAMP WITH TIME ZONE`. */
  type: text,
  /** A unit of the reports, e.g. `tokens`; null in answers to queries. */
  unit: optionalText,
  role: v.nullable(v.picklist(["dimension", "measure"])),
  /** True if a bar shall show each value's part of the largest. */
  bar: v.boolean(),
  /** True if a narrow table may do without it. */
  minor: v.boolean(),
});

const tableFooter = v.object({
  /** ISO 8601 in UTC; null without any usage in the range. */
  firstTime: optionalText,
  lastTime: optionalText,
  timeZone: text,
  /** Sessions in the range, and those of which events and metrics agree. */
  sessions: count,
  agreeing: count,
  rejectedLines: count,
  /** Names of tags in the range that usage can be split by; only in answers that are split. */
  tags: list(text),
});

/** The answer to `report` and `query`. */
const tableMessage = v.object({
  kind: v.literal("table"),
  id,
  columns: list(tableColumn),
  rows: v.pipe(v.array(list(cell)), v.maxLength(MOST_ROWS), v.readonly()),
  /** True if there are more rows than these. */
  more: v.boolean(),
  /** What a report covers; null for a query. */
  footer: v.nullable(tableFooter),
});

/** A table or view that SQL can name. */
const relationDescription = v.object({
  name: text,
  comment: optionalText,
  columns: list(v.object({ name: text, type: text, comment: optionalText })),
});

const liveMessage = v.object({ kind: v.literal("live"), ...wireStateSchema.entries });

const hostMessage = v.variant("kind", [
  v.object({
    kind: v.literal("welcome"),
    /** As the page sent it last; null at the first time. */
    state: v.nullable(pageState),
    timeZone: text,
    /** The session that is pinned, if any. */
    pinned: optionalText,
    reports: list(reportDescription),
  }),
  liveMessage,
  tableMessage,
  v.object({ kind: v.literal("schema"), id, relations: list(relationDescription) }),
  /** One sentence; the hint names the next step. */
  v.object({ kind: v.literal("failed"), id, message: text, hint: v.optional(text) }),
  /** Another view is to be opened, e.g. because the user clicked the status bar. */
  v.object({
    kind: v.literal("show"),
    tab,
    session: v.optional(optionalText),
    workflow: v.optional(optionalText),
    sql: v.optional(statement),
  }),
  v.object({ kind: v.literal("pinned"), sessionId: optionalText }),
  /** The store has new rows: visible views ask again. */
  v.object({ kind: v.literal("changed") }),
]);

/** From the page to its host. */
export type PageMessage = v.InferOutput<typeof pageMessage>;
/** From the host to the page. */
export type HostMessage = v.InferOutput<typeof hostMessage>;
export type PageState = v.InferOutput<typeof pageState>;
export type ReportParameters = v.InferOutput<typeof parameters>;
export type ReportDescription = v.InferOutput<typeof reportDescription>;
export type ReportColumnDescription = ReportDescription["columns"][number];
export type RelationDescription = v.InferOutput<typeof relationDescription>;
export type Cell = v.InferOutput<typeof cell>;
export type TableColumn = v.InferOutput<typeof tableColumn>;
export type TableMessage = v.InferOutput<typeof tableMessage>;
export type TableFooter = v.InferOutput<typeof tableFooter>;
/** The live state. */
export type LiveMessage = v.InferOutput<typeof liveMessage>;

/** The message of a page, if it is one; undefined for anything else. */
export function readPageMessage(value: unknown): PageMessage | undefined {
  return read(pageMessage, value);
}

/** The message of a host, if it is one; undefined for anything else. */
export function readHostMessage(value: unknown): HostMessage | undefined {
  return read(hostMessage, value);
}

/** State that a host or the browser kept, if it is complete; undefined for anything else. */
export function readPageState(value: unknown): PageState | undefined {
  return read(pageState, value);
}

function read<Schema extends v.GenericSchema>(
  schema: Schema,
  value: unknown,
): v.InferOutput<Schema> | undefined {
  const result = v.safeParse(schema, value);
  return result.success ? result.output : undefined;
}
