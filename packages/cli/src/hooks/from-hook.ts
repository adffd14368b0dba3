import type { Mark } from "../stage/mark.ts";

/** The mark for a hook of Claude Code; undefined if its JSON says nothing of a stage. */
export function markOfHook(text: string): Mark | undefined {
  const input = objectOf(text);
  const session = textOf(input["session_id"]);
  if (session === undefined) return undefined;
  const event = input["hook_event_name"];
  if (event === "UserPromptSubmit") return promptMark(session, input);
  if (event === "SubagentStart" || event === "SubagentStop") return subagentMark(session, input);
  return undefined;
}

/**
 * A slash command names the stage of its prompt; nothing else of the prompt is kept. That a subagent
 * has ended reaches the session as a prompt, too: it goes on with what the last one began.
 */
function promptMark(session: string, input: Input): Mark | undefined {
  const prompt = typeof input["prompt"] === "string" ? input["prompt"] : "";
  if (prompt.trimStart().startsWith("<task-notification>")) return undefined;
  const command = /^\s*\/([\w:.-]{1,100})(?=\s|$)/.exec(prompt)?.[1];
  return {
    action: "prompt",
    session,
    promptId: textOf(input["prompt_id"]),
    tags: new Map(command === undefined ? [] : [["stage", command]]),
  };
}

/** The type of a subagent, which telemetry masks for one's own, names stage and agent. */
function subagentMark(session: string, input: Input): Mark | undefined {
  const agentId = textOf(input["agent_id"]);
  const type = textOf(input["agent_type"]);
  if (agentId === undefined || type === undefined) return undefined;
  return {
    action: "subagent",
    session,
    agentId,
    promptId: textOf(input["prompt_id"]),
    tags: new Map([
      ["stage", type],
      ["agent", type],
    ]),
  };
}

type Input = Readonly<Record<string, unknown>>;

function objectOf(text: string): Input {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Input) : {};
  } catch {
    return {};
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" && value.length <= 1000 ? value : undefined;
}
