import { join } from "node:path";
import {
  type CollectorInput,
  collectorConfig,
  composeFile,
  holdsToken,
  type Variable,
} from "@cctelemetry/core/light";
import { type FileChange, readForChange } from "./change-file.ts";
import { type ClaudeInput, userSettingsPath } from "./claude-places.ts";
import { withBlock } from "./profile-block.ts";
import { type Conflict, mergeEnv } from "./settings-env.ts";
import { editSettings, parseSettings } from "./settings-text.ts";
import { type ShellName, type ShellPlaceInput, shellLines, shellPlace } from "./shells.ts";

/** What is to be set up. */
export interface Targets {
  /** A settings file of Claude Code. */
  readonly settings: string | undefined;
  readonly shell: ShellName | undefined;
  /** A Collector's files, and the folder they go to. */
  readonly collector: (CollectorInput & { readonly folder: string }) | undefined;
}

/** Everything a set-up would do; nothing is done yet. */
export interface Plan {
  /** Files with what they should become; some may be so already. */
  readonly files: readonly FileChange[];
  /** Folders that must be there. */
  readonly folders: readonly string[];
  /** What says something else already, by file. */
  readonly conflicts: readonly { readonly path: string; readonly conflicts: readonly Conflict[] }[];
  /** What the user should know. */
  readonly notes: readonly string[];
  /** What the user does next, one step each. */
  readonly next: readonly string[];
}

/** What the places of files depend on. */
export type SetupContext = ClaudeInput & ShellPlaceInput;

/**
 * Reads the files that a set-up concerns and says what they should become. With `replace` it
 * overwrites what stands in the way. KnownError if a file cannot be read or understood.
 */
export async function makePlan(
  { settings, shell, collector }: Targets,
  variables: readonly Variable[],
  replace: boolean,
  setup: SetupContext,
): Promise<Plan> {
  const parts = [collector === undefined ? receiverStep : await collectorPart(collector)];
  if (settings !== undefined) parts.push(await settingsPart(settings, variables, replace));
  if (shell !== undefined) parts.push(await shellPart(shell, variables, setup));
  return {
    files: parts.flatMap(({ files }) => files),
    folders: parts.flatMap(({ folders }) => folders),
    conflicts: parts.flatMap(({ conflicts }) => conflicts),
    notes: parts.flatMap(({ notes }) => notes),
    next: [...parts.flatMap(({ next }) => next), "See it live: cctelemetry watch"],
  };
}

const nothing: Plan = { files: [], folders: [], conflicts: [], notes: [], next: [] };

const receiverStep: Plan = {
  ...nothing,
  next: ["Receive what Claude Code sends: cctelemetry collect --background"],
};

async function settingsPart(
  path: string,
  variables: readonly Variable[],
  replace: boolean,
): Promise<Plan> {
  const before = await readForChange(path);
  const text = before ?? "";
  const merge = mergeEnv(parseSettings(text, path)["env"], variables);
  const edits = replace ? [...merge.edits, ...merge.conflictEdits] : merge.edits;
  const { conflicts } = merge;
  return {
    ...nothing,
    files: [
      {
        path,
        before,
        after: edits.length === 0 ? text : editSettings(text, edits, path),
        secret: holdsToken(variables),
      },
    ],
    conflicts: conflicts.length === 0 ? [] : [{ path, conflicts }],
    next: ["Restart Claude Code: it reads these settings when it starts."],
  };
}

async function shellPart(
  shell: ShellName,
  variables: readonly Variable[],
  setup: SetupContext,
): Promise<Plan> {
  const { path, kind, next } = shellPlace(shell, setup);
  const before = await readForChange(path);
  const lines = shellLines(shell, variables);
  const after = kind === "own" ? lines : withBlock(before ?? "", lines, path);
  const notes = await settingsThatWin(variables, setup);
  const secret = holdsToken(variables);
  return { ...nothing, files: [{ path, before, after, secret }], notes, next: [next] };
}

/** Claude Code's settings win over the shell: what they say otherwise is worth a note. */
async function settingsThatWin(
  variables: readonly Variable[],
  setup: SetupContext,
): Promise<readonly string[]> {
  try {
    const path = userSettingsPath(setup);
    const env = parseSettings((await readForChange(path)) ?? "", path)["env"];
    const other = mergeEnv(env, variables).conflicts.map(({ name }) => name);
    return other.length === 0 ? [] : [`${path} sets ${other.join(", ")} otherwise, and wins.`];
  } catch {
    // What cannot be read there is not this shell's business; doctor reports it.
    return [];
  }
}

async function collectorPart(
  collector: CollectorInput & { readonly folder: string },
): Promise<Plan> {
  const config = join(collector.folder, "collector.yaml");
  const compose = join(collector.folder, "compose.yaml");
  return {
    ...nothing,
    files: [
      { path: config, before: await readForChange(config), after: collectorConfig(collector) },
      { path: compose, before: await readForChange(compose), after: composeFile(collector) },
    ],
    folders: [collector.telemetryFolder],
    next: [`Start the Collector: docker compose -f "${compose}" up -d`],
  };
}
