import { overridingVariables, type Variable } from "@cctelemetry/core/light";
import type { SettingsEdit } from "./settings-text.ts";

/** What stands in the way of a set-up: a variable that says something else. */
export interface Conflict {
  readonly name: string;
  readonly has: string;
  /** Undefined where it should not be there. */
  readonly wanted: string | undefined;
}

/** What putting variables into the `env` of settings comes to. */
export interface EnvMerge {
  readonly edits: readonly SettingsEdit[];
  /** What stands in the way, and would be overwritten or taken away. */
  readonly conflicts: readonly Conflict[];
  readonly conflictEdits: readonly SettingsEdit[];
}

/**
 * Compares the `env` of settings with the variables wanted. What is missing is put in; a preference
 * of the user stays; anything else that differs is a conflict, for somebody may rely on it.
 */
export function mergeEnv(env: unknown, wanted: readonly Variable[]): EnvMerge {
  const edits: SettingsEdit[] = [];
  const conflictEdits: SettingsEdit[] = [];
  const conflicts: Conflict[] = [];
  const conflict = (name: string, has: string, value: string | undefined) => {
    conflicts.push({ name, has, wanted: value });
    conflictEdits.push({ path: ["env", name], value });
  };
  for (const { name, value, rank } of wanted) {
    const has = envText(env, name);
    if (has === undefined) edits.push({ path: ["env", name], value });
    else if (!means(name, has, value) && rank !== "preferred")
      conflict(name, has, joined(name, has, value));
  }
  for (const { name, general } of overridingVariables(wanted)) {
    const has = envText(env, name);
    if (has !== undefined && !has.startsWith(general)) conflict(name, has, undefined);
  }
  return { edits, conflicts, conflictEdits };
}

/** The variable in an `env` block, as text; undefined if it is not there. */
function envText(env: unknown, name: string): string | undefined {
  if (typeof env !== "object" || env === null || !Object.hasOwn(env, name)) return undefined;
  const value: unknown = Reflect.get(env, name);
  return value === null || value === undefined ? undefined : String(value);
}

const isList = (name: string): boolean => name.endsWith("_EXPORTER");
const items = (list: string): readonly string[] => list.split(",").map((item) => item.trim());

/** Whether what is there has the effect of what is wanted. */
function means(name: string, has: string, wanted: string): boolean {
  if (has === wanted) return true;
  if (isList(name)) return items(has).includes(wanted);
  if (wanted === "1") return ["true", "yes", "on"].includes(has.trim().toLowerCase());
  return name.endsWith("_ENDPOINT") && has.replace(/\/+$/, "") === wanted;
}

/** Other exporters stay beside ours. */
function joined(name: string, has: string, wanted: string): string {
  const others = items(has).filter((item) => item !== "" && item !== "none");
  return isList(name) && others.length > 0 ? [...others, wanted].join(",") : wanted;
}
