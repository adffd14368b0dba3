import { editSettings, parseSettings, type SettingsEdit } from "../setup/settings-text.ts";

/** The events of Claude Code at which a stage may begin. */
const events = ["UserPromptSubmit", "SubagentStart", "SubagentStop"] as const;

/** How long Claude Code waits for the hook, seconds. */
const TIMEOUT = 10;

/** The end of our command in whatever form it is called, by which it is known again. */
const OURS = /\bcctelemetry\b.*\bhooks mark$/;

/** What belongs into settings.json, for a command that takes marks from hooks. */
export function hookSettings(command: string): Readonly<Record<string, unknown>> {
  return { hooks: Object.fromEntries(events.map((event) => [event, [entry(command)]])) };
}

/** The text of settings with our hooks in it; the same text where they are there. */
export function withHooks(text: string, command: string, name: string): string {
  const settings = parseSettings(text, name);
  const edits = events.flatMap((event): readonly SettingsEdit[] => {
    const entries = entriesOf(settings, event);
    if (entries.some(({ hook }) => isCommand(hook, command))) return [];
    if (!Object.hasOwn(objectOf(settings["hooks"]), event)) {
      return [{ path: ["hooks", event], value: [entry(command)] }];
    }
    return [{ path: ["hooks", event, groupsOf(settings, event).length], value: entry(command) }];
  });
  return editSettings(withoutHooks(text, name, command), edits, name);
}

/** The text of settings without our hooks, but for those that call `kept`. */
export function withoutHooks(text: string, name: string, kept?: string): string {
  let edited = text;
  for (;;) {
    const settings = parseSettings(edited, name);
    const edit = firstRemoval(settings, kept);
    if (edit === undefined) return edited;
    edited = editSettings(edited, [edit], name);
  }
}

/** One thing to take away: a hook, or what would be left empty without it. Lists are rewritten. */
function firstRemoval(
  settings: Readonly<Record<string, unknown>>,
  kept: string | undefined,
): SettingsEdit | undefined {
  for (const event of Object.keys(objectOf(settings["hooks"]))) {
    const entries = entriesOf(settings, event);
    const ours = entries.find(({ hook }) => isOurs(hook) && !isCommand(hook, kept));
    if (ours === undefined) continue;
    const groups = groupsOf(settings, event);
    const hooks = hooksOf(groups[ours.group]);
    if (hooks.length > 1) {
      const value = hooks.filter((_, index) => index !== ours.index);
      return { path: ["hooks", event, ours.group, "hooks"], value };
    }
    if (groups.length > 1) {
      return { path: ["hooks", event], value: groups.filter((_, at) => at !== ours.group) };
    }
    const others = Object.keys(objectOf(settings["hooks"])).length > 1;
    return { path: others ? ["hooks", event] : ["hooks"], value: undefined };
  }
  return undefined;
}

function entry(command: string): Readonly<Record<string, unknown>> {
  return { hooks: [{ type: "command", command, timeout: TIMEOUT }] };
}

interface HookEntry {
  readonly group: number;
  readonly index: number;
  readonly hook: unknown;
}

function entriesOf(
  settings: Readonly<Record<string, unknown>>,
  event: string,
): readonly HookEntry[] {
  return groupsOf(settings, event).flatMap((group, at) =>
    hooksOf(group).map((hook, index) => ({ group: at, index, hook })),
  );
}

function groupsOf(settings: Readonly<Record<string, unknown>>, event: string): readonly unknown[] {
  const groups = objectOf(settings["hooks"])[event];
  return Array.isArray(groups) ? groups : [];
}

function hooksOf(group: unknown): readonly unknown[] {
  const { hooks } = objectOf(group);
  return Array.isArray(hooks) ? hooks : [];
}

function isOurs(hook: unknown): boolean {
  const { command } = objectOf(hook);
  return typeof command === "string" && OURS.test(command);
}

function isCommand(hook: unknown, command: string | undefined): boolean {
  return command !== undefined && objectOf(hook)["command"] === command;
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
