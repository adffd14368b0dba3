import {
  escapeUnsafe,
  KnownError,
  type SheetColumn,
  type SheetRow,
  shownUrl,
  shownValue,
} from "@cctelemetry/core/light";
import type { FileChange } from "./change-file.ts";
import { type DifferencePaint, differenceText } from "./difference.ts";
import type { Plan } from "./plan.ts";

/** The files that are not yet as they should be. */
export function changesOf(plan: Plan): readonly FileChange[] {
  return plan.files.filter(({ before, after }) => before !== after);
}

/** What a plan would change, as differences; files that are right already are named. */
export function planText(plan: Plan, paint: DifferencePaint): string {
  const right = plan.files.filter(({ before, after }) => before === after);
  const kept = right.map(({ path }) => `${paint.head(escapeUnsafe(path))} is set up already\n`);
  return [...kept, ...changesOf(plan).map((change) => differenceText(change, paint))].join("\n");
}

/** What was done: the files written, their backups, and what comes next. */
export function doneText(plan: Plan, backups: ReadonlyMap<string, string>): string {
  const written = changesOf(plan).map(({ path }) => {
    const backup = backups.get(path);
    return `wrote ${path}${backup === undefined ? "" : `; before: ${backup}`}`;
  });
  const lines = [...written, "", "Next:", ...plan.next.map((step) => `  ${step}`)];
  return `${lines.map(escapeUnsafe).join("\n")}\n`;
}

/** The columns of a plan as rows. */
export const planColumns: readonly SheetColumn[] = [
  { name: "file", type: "VARCHAR" },
  { name: "action", type: "VARCHAR" },
  { name: "backup", type: "VARCHAR" },
];

/** One row per file: what was done, or would be. */
export function planRows(
  plan: Plan,
  backups: ReadonlyMap<string, string>,
  written: boolean,
): readonly SheetRow[] {
  return plan.files.map(({ path, before, after }) => {
    const action = before === undefined ? "create" : "change";
    const done = { create: "created", change: "changed" }[action];
    const result = before === after ? "unchanged" : written ? done : `would ${action}`;
    return [path, result, backups.get(path) ?? null];
  });
}

/** What stands in the way of a plan. */
export function conflictError({ conflicts }: Plan): KnownError {
  const reasons = conflicts.map(({ path, conflicts: all }) => {
    const values = all.map(({ name, has }) => `${name} is "${shown(name, has)}"`);
    return `${path} says something else: ${values.join(", ")}`;
  });
  return new KnownError("settings-unsuitable", `${reasons.join("; ")}. Nothing was written.`, {
    hint: "Somebody may rely on it. init --replace overwrites it and keeps a backup.",
  });
}

/** What would be overwritten, a line each. */
export function conflictText({ conflicts }: Plan): string {
  const lines = conflicts.flatMap(({ path, conflicts: all }) => [
    `${path} says something else:`,
    ...all.map(({ name, has, wanted }) => {
      const to = wanted === undefined ? "removed" : shown(name, wanted);
      return `  ${name}: ${shown(name, has)} → ${to}`;
    }),
  ]);
  return `${lines.map(escapeUnsafe).join("\n")}\n`;
}

/** What may be shown of a variable. */
function shown(name: string, value: string): string {
  return name.endsWith("_ENDPOINT") ? shownUrl(value) : shownValue(name, value);
}
