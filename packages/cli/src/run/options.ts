import { type Command, Option } from "commander";
import { checkedValue, type TagSet, tagOf } from "./tags.ts";

/** Options that become tags. */
export interface TagOptions {
  readonly workflow?: string;
  readonly stage?: string;
  readonly task?: string;
  readonly agent?: string;
  readonly path?: string;
  readonly complexity?: string;
  readonly modelExpected?: string;
  readonly tag?: readonly string[];
}

/** Which tag each option sets. */
const named = {
  workflow: "workflow_id",
  path: "workflow_path",
  complexity: "complexity",
  stage: "stage",
  task: "task_id",
  agent: "agent",
  modelExpected: "model_expected",
} as const satisfies Partial<Record<keyof TagOptions, string>>;

/** Adds the options that become tags; without that of a stage where it is an argument. */
export function withTagOptions(
  command: Command,
  which: "with a stage" | "without a stage" = "with a stage",
): Command {
  if (which === "with a stage") {
    command.option("--stage <name>", "tag stage, e.g. analyze, plan, implement, review");
  }
  return command
    .addOption(new Option("--workflow <id>", "tag workflow_id: the workflow it belongs to"))
    .addOption(new Option("--task <id>", "tag task_id: the task it works on"))
    .addOption(new Option("--agent <name>", "tag agent: who the task was given to"))
    .addOption(new Option("--path <name>", "tag workflow_path, e.g. full or fast-track"))
    .addOption(new Option("--complexity <name>", "tag complexity, e.g. low"))
    .addOption(new Option("--model-expected <model>", "tag model_expected: the model planned for"))
    .addOption(
      new Option("--tag <name=value>", "another tag, as often as you like").argParser(
        (text, before: readonly string[] | undefined) => [...(before ?? []), text],
      ),
    );
}

/** The tags that the options set. Throws where Claude Code would lose one. */
export function tagsOf(options: TagOptions): TagSet {
  const tags = new Map<string, string>();
  for (const [option, name] of Object.entries(named) as [keyof typeof named, string][]) {
    const value = options[option];
    if (value !== undefined) tags.set(name, checkedValue(`--${dashed(option)}`, value));
  }
  for (const text of options.tag ?? []) tags.set(...tagOf(text));
  return tags;
}

function dashed(option: string): string {
  return option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
