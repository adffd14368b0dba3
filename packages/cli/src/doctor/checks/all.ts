import type { Check, DoctorFacts } from "../facts.ts";
import type { Finding } from "../finding.ts";
import { attributes } from "./attributes.ts";
import { coverage, gaps, repeats, versions } from "./completeness.ts";
import { endpoint } from "./endpoint.ts";
import { clock, cursors, permissions } from "./files.ts";
import { blanks, names, strays } from "./names.ts";
import { modelOverrides } from "./overrides.ts";
import { proxy } from "./proxy.ts";
import { reachable } from "./reachable.ts";
import { compression, headers } from "./sending.ts";
import { insideClaude, managed, overridden, projectSettings, settingsFiles } from "./settings.ts";
import { arriving, database, rejected } from "./store.ts";
import { exporters, protocol, shape, switchedOn } from "./variables.ts";

/** Every check, along the road of the data: from the settings to the reports. */
const checks: readonly Check[] = [
  insideClaude,
  settingsFiles,
  managed,
  strays,
  names,
  blanks,
  switchedOn,
  exporters,
  protocol,
  endpoint,
  overridden,
  projectSettings,
  attributes,
  headers,
  compression,
  shape,
  proxy,
  reachable,
  permissions,
  clock,
  database,
  cursors,
  arriving,
  rejected,
  versions,
  modelOverrides,
  coverage,
  repeats,
  gaps,
];

/** What all checks find. */
export function examine(facts: DoctorFacts): readonly Finding[] {
  return checks.flatMap((check) => check(facts));
}
