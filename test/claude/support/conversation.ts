import { type ScenarioName, type Scene, type Step, scenarioIn, scenarios } from "./scenarios.ts";

/** The part of a request to the API that decides on the answer. */
export interface MessagesRequest {
  readonly model: string;
  readonly stream?: boolean;
  readonly messages: readonly Message[];
  readonly tools?: readonly { readonly name: string }[];
  readonly metadata?: { readonly user_id?: string };
}

interface Message {
  readonly role: "user" | "assistant";
  readonly content: string | readonly { readonly type: string; readonly text?: string }[];
}

/** Where a conversation stands. */
export interface Position {
  readonly scenario: ScenarioName | "aside";
  /** From 0; each answer of the model is one step. */
  readonly step: number;
}

/** What the client asks beside the conversation: a title, the topic, a summary. */
const aside: Position = { scenario: "aside", step: 0 };

/** Finds the point that a conversation has reached, by its last message with a scenario. */
export function positionOf({ messages, tools = [] }: MessagesRequest): Position {
  const at = messages.findLastIndex(
    (message) => message.role === "user" && scenarioIn(textOf(message)) !== undefined,
  );
  const message = messages[at];
  const scenario = message === undefined ? undefined : scenarioIn(textOf(message));
  if (scenario === undefined || tools.length === 0) return aside;
  const answers = messages.slice(at + 1).filter(({ role }) => role === "assistant");
  return { scenario, step: answers.length };
}

/** What is to be answered there; the last step stands for all that follow it. */
export function stepAt({ scenario, step }: Position, scene: Scene): Step {
  if (scenario === "aside") return { text: '{"title":"A title","isNewTopic":true}' };
  const steps: readonly Step[] = scenarios[scenario](scene);
  return steps[Math.min(step, steps.length - 1)] ?? {};
}

/** The session that a request belongs to, which newer clients write as JSON into the user's id. */
export function sessionOf({ metadata }: MessagesRequest): string | undefined {
  return /session_(?:id"\s*:\s*")?([0-9a-f-]{36})/.exec(metadata?.user_id ?? "")?.[1];
}

function textOf({ content }: Message): string {
  if (typeof content === "string") return content;
  return content.map(({ text = "" }) => text).join("\n");
}
