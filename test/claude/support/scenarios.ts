/** A tool that the model asks for. */
export interface ToolCall {
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** An answer that is no message. */
export interface Failure {
  readonly status: number;
  readonly type: string;
}

/** What the API does when a conversation has come to this point. */
export interface Step {
  readonly text?: string;
  readonly tools?: readonly ToolCall[];
  /** Sent before anything else, one for each attempt. */
  readonly failures?: readonly Failure[];
  /** Sent to every attempt. */
  readonly alwaysFails?: Failure;
  /** The stream of the first attempt breaks off in the middle of the text. */
  readonly isCutOnce?: boolean;
  readonly delayMs?: number;
  /** The model that answers, where it is not the one that was asked. */
  readonly answeringModel?: string;
  readonly stop?: "refusal" | "max_tokens";
}

/** What a step may refer to. */
export interface Scene {
  /** The working folder of the session. */
  readonly folder: string;
  /** The tools that the client offers. */
  readonly tools: readonly string[];
}

const overloaded: Failure = { status: 529, type: "overloaded_error" };
const limited: Failure = { status: 429, type: "rate_limit_error" };
const broken: Failure = { status: 500, type: "api_error" };

/** The words by which a prompt asks for a scenario. */
export function promptFor(scenario: ScenarioName): string {
  return `Please go on. [scenario: ${scenario}]`;
}

/** The scenario that a text asks for last; undefined where it asks for none. */
export function scenarioIn(text: string): ScenarioName | undefined {
  const name = [...text.matchAll(/\[scenario: (\w+)\]/g)].at(-1)?.[1];
  return name !== undefined && name in scenarios ? (name as ScenarioName) : undefined;
}

/** Conversations, step by step: what the API answers to the first request, to the second, … */
export const scenarios = {
  plain: () => [{ text: "The answer is 42." }],
  tools: ({ folder }: Scene) => [
    {
      text: "Let me look.",
      tools: [bash("ls -la"), tool("Read", { file_path: `${folder}/a.txt` })],
    },
    { tools: [tool("Write", { file_path: `${folder}/hello.py`, content: "print('hello')\n" })] },
    {
      tools: [
        tool("Edit", { file_path: `${folder}/a.txt`, old_string: "two", new_string: "2\n2b" }),
      ],
    },
    { tools: [bash("cat /nonexistent-file")] },
    { tools: [bash('git add -A && git commit -q -m "Add hello" && git log --oneline')] },
    { tools: [tool("Read", { file_path: `${folder}/does-not-exist.txt` })] },
    { text: "Wrote hello.py, changed a.txt and committed both." },
  ],
  short: () => [{ tools: [bash("echo short")] }, { text: "Short, and done." }],
  staged: () => [
    { tools: [bash("cctelemetry stage start plan")] },
    { tools: [bash("cctelemetry stage start implement --next")] },
    { tools: [bash("cctelemetry stage end")] },
    { text: "Planned and done." },
  ],
  subagents: ({ tools }: Scene) => [
    { tools: [subagent(tools, "general-purpose"), subagent(tools, "Explore")] },
    { text: "Both have reported." },
  ],
  delegated: () => [{ tools: [bash("echo delegated")] }, { text: "Nothing unusual." }],
  rateLimited: () => [{ failures: [limited, limited], text: "Recovered." }],
  overloaded: () => [
    { tools: [bash("echo one")] },
    { failures: [overloaded], tools: [bash("echo two")] },
    { text: "Recovered." },
  ],
  broken: () => [{ failures: [broken], text: "Recovered." }],
  cut: () => [{ isCutOnce: true, text: "Recovered after the stream broke off in its middle." }],
  invalid: () => [{ alwaysFails: { status: 400, type: "invalid_request_error" } }],
  forbidden: () => [{ alwaysFails: { status: 401, type: "authentication_error" } }],
  down: () => [{ alwaysFails: overloaded }],
  refused: () => [{ text: "I cannot.", stop: "refusal" }],
  otherModel: () => [{ text: "Another answers.", answeringModel: "claude-haiku-4-5-20251001" }],
  steady: () => [
    ...[1, 2, 3].map((turn) => ({ delayMs: 700, tools: [bash(`sleep 0.5; echo ${turn}`)] })),
    { delayMs: 700, text: "Steady, and done." },
  ],
  endless: () => [
    { tools: [bash("echo before")] },
    { tools: [bash("echo before again")] },
    { delayMs: 60_000, text: "Too late." },
  ],
} satisfies Readonly<Record<string, (scene: Scene) => readonly Step[]>>;

export type ScenarioName = keyof typeof scenarios;

function tool(name: string, input: ToolCall["input"]): ToolCall {
  return { name, input };
}

function bash(command: string): ToolCall {
  return tool("Bash", { command, description: "A command" });
}

/** The tool that starts a subagent has had two names. */
function subagent(tools: readonly string[], type: string): ToolCall {
  const name = tools.includes("Agent") ? "Agent" : "Task";
  return tool(name, {
    description: "An delegated",
    prompt: promptFor("delegated"),
    subagent_type: type,
  });
}
