import { canonicalModel } from "./canonical-model.ts";
import type { Column } from "./column.ts";
import { canonicalMetric, tokenKind } from "./metric-forms.ts";
import { isRequestIdSql } from "./request-ids.ts";
import { sourceKind } from "./source-kind.ts";

/** The model's one name. What follows from other columns stands last: a database of an older layout gets it there, too. */
export const canonicalModelColumn: Column = {
  name: "canonical_model",
  kind: "text",
  derived: {
    from: "model",
    of: (model) => (model === undefined ? undefined : canonicalModel(model)),
  },
  comment:
    "The model's one name, whatever its provider calls it; as sent if it is not a Claude model.",
};

/** Who asked. */
export const sourceKindColumn: Column = {
  name: "source_kind",
  kind: "text",
  derived: { from: "query_source", of: sourceKind },
  comment: "Who asked: main, subagent or auxiliary; unknown if query_source was not sent.",
};

/** Columns that say whether a request counts. */
export const requestCountColumns: readonly Column[] = [
  {
    name: "request_key",
    kind: "int",
    sqlType: "UINTEGER",
    // Four bytes a row are read quickly however many rows there are; md5 is the same in all releases of DuckDB.
    computed: {
      from: "request_id",
      sql: (value) =>
        `CASE WHEN ${isRequestIdSql(value)} THEN CAST(md5_number_lower(${value}) & 4294967295 AS UINTEGER) END`,
    },
    comment:
      "32-bit hash of request_id, by which records of one request are found; NULL if that is not an id, such as the text null or undefined.",
  },
  {
    name: "repeated",
    kind: "bool",
    comment: "true if another record of the same request counts; NULL if this one does.",
  },
];

/** Says where the cost comes from. */
export const costFromMicrosColumn: Column = {
  name: "cost_from_micros",
  kind: "bool",
  comment: "true if cost_usd was not sent as an amount, so that the cost is cost_usd_micros.",
};

/** Columns that say how a point counts. */
export const pointCountColumns: readonly Column[] = [
  {
    name: "canonical_metric",
    kind: "text",
    derived: {
      from: "metric_name",
      of: (name) => (name === undefined ? undefined : canonicalMetric(name)),
    },
    comment:
      "Name that Claude Code gives the metric, e.g. claude_code.token.usage, whatever it was sent as; NULL for other metrics.",
  },
  {
    name: "counting",
    kind: "text",
    comment:
      "How the value counts: delta, cumulative, or assumed if the temporality was not sent; NULL if it does not count.",
  },
  {
    name: "distribution_sum",
    kind: "double",
    comment: "Sum of a histogram's values; NULL for other kinds of data.",
  },
  {
    name: "token_kind",
    kind: "text",
    derived: { from: "type", of: tokenKind },
    comment: "Type of token: input, output, cacheRead or cacheCreation; NULL for any other type.",
  },
];
