import type { PageState, ReportDescription, ReportParameters } from "../../host/protocol.ts";

/** How the page begins. */
export const firstState: PageState = {
  tab: "live",
  last: "7d",
  since: null,
  until: null,
  session: null,
  workflow: null,
  stage: null,
  model: null,
  openWorkflow: null,
  openSession: null,
  split: null,
  sql: "FROM api_requests\nORDER BY time DESC\nLIMIT 100",
  history: [],
};

/** A change of the state. */
export type Change = Partial<PageState>;

export const filterNames = ["workflow", "stage", "session", "model"] as const;
export type FilterName = (typeof filterNames)[number];
export type Filter = Readonly<Record<FilterName, string | null>>;

/** The ranges of time that can be chosen, by their `last`. */
export const ranges: readonly { readonly last: string | null; readonly label: string }[] = [
  { last: "1h", label: "last hour" },
  { last: "1d", label: "today" },
  { last: "24h", label: "last 24 hours" },
  { last: "7d", label: "last 7 days" },
  { last: "30d", label: "last 30 days" },
  { last: "90d", label: "last 90 days" },
  { last: null, label: "all time" },
];

/** What a report is asked: range, filter and zone where it has them, and what the view adds. */
export function parametersFor(
  report: ReportDescription,
  state: PageState,
  timeZone: string,
  own: ReportParameters = {},
): ReportParameters {
  const { last, since, until, session, workflow, stage, model } = state;
  const isSpan = since === null && until === null;
  const range = isSpan ? { last } : { since, until };
  const common = { ...range, session, workflow, stage, model, tz: timeZone };
  const all: Record<string, string | number | null> = { ...common, ...own };
  const given = Object.entries(all).filter(
    ([name, value]) => value !== null && value !== "" && report.parameters.includes(name),
  );
  return Object.fromEntries(given);
}

const WORD = /(\w+):(?:"([^"]*)"|(\S+))|"([^"]*)"|(\S+)/g;

/** What a filter's text means: `workflow:x stage:"a b"`; words without a name are what is left. */
export function readFilter(text: string): { readonly filter: Filter; readonly unknown: string } {
  const filter: Record<FilterName, string | null> = {
    workflow: null,
    stage: null,
    session: null,
    model: null,
  };
  const unknown: string[] = [];
  for (const [whole, name, quoted, plain] of text.matchAll(WORD)) {
    const known = filterNames.find((each) => each === name);
    if (known === undefined) unknown.push(whole);
    else filter[known] = quoted ?? plain ?? null;
  }
  return { filter, unknown: unknown.join(" ") };
}

/** The text that means a filter. */
export function filterText(filter: Filter): string {
  return filterNames
    .flatMap((name) => {
      const value = filter[name];
      if (value === null || value.includes('"')) return [];
      return [`${name}:${/\s/.test(value) ? `"${value}"` : value}`];
    })
    .join(" ");
}

const MOST_REMEMBERED = 20;

/** The history with a statement in front, each once. */
export function remembered(history: readonly string[], sql: string): readonly string[] {
  return [sql, ...history.filter((each) => each !== sql)].slice(0, MOST_REMEMBERED);
}
