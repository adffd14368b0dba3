import { randomBytes } from "node:crypto";
import type { ServerResponse } from "node:http";
import type { ToolCall } from "./scenarios.ts";
import { type Usage, wireUsage } from "./usage.ts";

/** A message of the model, before it is written in one of the API's two ways. */
export interface Answer {
  readonly model: string;
  readonly text: string | undefined;
  readonly tools: readonly (ToolCall & { readonly id: string })[];
  readonly usage: Usage;
  readonly stop: string;
}

/** What came of sending a message. */
export type Sent = "whole" | "cut";

/** Sends the message in one piece; `cutsOff` is for streams. */
export function sendMessage(
  response: ServerResponse,
  answer: Answer,
  cutsOff: boolean,
): Promise<Sent> {
  if (cutsOff) return breakOff(response);
  response.setHeader("content-type", "application/json");
  const content = blocksOf(answer);
  const rest = { stop_reason: answer.stop, usage: wireUsage(answer.usage), content };
  return finish(response, JSON.stringify({ ...envelope(answer.model), ...rest }));
}

/** Sends the message as a stream of events, which with `cutsOff` ends in the middle of the text. */
export function streamMessage(
  response: ServerResponse,
  answer: Answer,
  cutsOff: boolean,
): Promise<Sent> {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
  const send = (type: string, event: object): void => {
    response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...event })}\n\n`);
  };
  const usage = wireUsage(answer.usage);
  const begun = { stop_reason: null, usage: { ...usage, output_tokens: 1 }, content: [] };
  send("message_start", { message: { ...envelope(answer.model), ...begun } });
  send("ping", {});
  for (const [index, block] of blocksOf(answer).entries()) {
    const { opened, deltas } = piecesOf(block);
    send("content_block_start", { index, content_block: opened });
    for (const [at, delta] of deltas.entries()) {
      send("content_block_delta", { index, delta });
      if (cutsOff && at > 0) return breakOff(response);
    }
    send("content_block_stop", { index });
  }
  send("message_delta", { delta: { stop_reason: answer.stop, stop_sequence: null }, usage });
  send("message_stop", {});
  return finish(response, "");
}

type Block =
  | { readonly type: "text"; readonly text: string }
  | ({ readonly type: "tool_use"; readonly id: string } & ToolCall);

function blocksOf({ text, tools }: Answer): readonly Block[] {
  const words: readonly Block[] = text === undefined ? [] : [{ type: "text", text }];
  return [...words, ...tools.map((tool) => ({ type: "tool_use" as const, ...tool }))];
}

/** A block as it is announced, and the pieces that follow. */
function piecesOf(block: Block): { opened: object; deltas: readonly object[] } {
  if (block.type === "text") {
    const parts = block.text.match(/.{1,12}/gs) ?? [];
    const deltas = parts.map((text) => ({ type: "text_delta", text }));
    return { opened: { type: "text", text: "" }, deltas };
  }
  const delta = { type: "input_json_delta", partial_json: JSON.stringify(block.input) };
  return { opened: { ...block, input: {} }, deltas: [delta] };
}

function envelope(model: string): object {
  const id = `msg_${randomBytes(12).toString("hex")}`;
  return { id, type: "message", role: "assistant", model, stop_sequence: null };
}

/** Ends the answer and reports whether the client was there until then. */
function finish(response: ServerResponse, rest: string): Promise<Sent> {
  return new Promise((resolve) => {
    if (response.destroyed) return resolve("cut");
    response.once("finish", () => resolve("whole"));
    response.once("close", () => resolve("cut"));
    response.end(rest);
  });
}

/** Lets the client read what was written, and hangs up. */
async function breakOff(response: ServerResponse): Promise<Sent> {
  await new Promise((resolve) => setTimeout(resolve, 1000));
  response.destroy();
  return "cut";
}
