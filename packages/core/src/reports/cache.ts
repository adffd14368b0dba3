import sql from "./cache.sql";
import {
  cacheHitRate,
  costs,
  dimension,
  filters,
  ledger,
  measure,
  part,
  requests,
  usageSplits,
} from "./columns.ts";
import type { Report } from "./report.ts";

/** How well does the cache work? */
export const cache: Report = {
  name: "cache",
  title: "The prompt cache",
  question: "How well does the cache work?",
  sql,
  parameters: [...filters, "by", "limit"],
  splits: usageSplits,
  limit: 7,
  columns: [
    dimension("day", "day", { shown: "without-split" }),
    part,
    ledger,
    requests,
    measure("input_tokens", "not cached", "tokens"),
    measure("cache_read_tokens", "cache read", "tokens"),
    measure("cache_creation_tokens", "cache write", "tokens"),
    measure("cache_creation_5m_tokens", "for 5 min", "tokens", { minor: true }),
    measure("cache_creation_1h_tokens", "for 1 h", "tokens", { minor: true }),
    cacheHitRate,
    measure("never_read_tokens", "never read", "tokens"),
    measure("never_read_share", "of what was written", "ratio", { minor: true }),
    ...costs,
    measure("read_saved_usd", "saved by reading", "usd", { minor: true }),
    measure("write_extra_usd", "paid for writing", "usd", { minor: true }),
    measure("saved_usd", "saved", "usd"),
  ],
};
