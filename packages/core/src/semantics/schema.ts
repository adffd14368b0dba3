import { compatibilityViews } from "./catalog/compatibility.ts";
import { completeViews } from "./catalog/complete.ts";
import { eventViews } from "./catalog/events.ts";
import { metricViews } from "./catalog/metrics.ts";
import { tables } from "./catalog/tables.ts";
import { totalViews } from "./catalog/totals.ts";
import type { Relation } from "./relation.ts";

/** Every public table and view, in the order a reader may want them. */
export const relations: readonly Relation[] = [
  ...eventViews,
  ...metricViews,
  ...totalViews,
  ...completeViews,
  ...tables,
  ...compatibilityViews,
];
