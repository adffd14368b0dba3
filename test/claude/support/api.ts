import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Server } from "node:net";
import {
  type MessagesRequest,
  type Position,
  positionOf,
  sessionOf,
  stepAt,
} from "./conversation.ts";
import type { Failure, Step } from "./scenarios.ts";
import { type Answer, sendMessage, streamMessage } from "./streaming.ts";
import { type Usage, usageOf } from "./usage.ts";

/** One request that the API has answered, as it remembers it. */
export interface Served extends Position {
  /** The process that asked: the first folder of the address it was given. */
  readonly run: string;
  readonly requestId: string;
  /** The session the client named. */
  readonly session: string | undefined;
  readonly askedModel: string;
  readonly model: string;
  readonly status: number;
  /** `whole` where the client has had all of a message, `cut` where it has had a part of it. */
  readonly outcome: "whole" | "cut" | "failed";
  readonly usage: Usage;
}

/** A simulated Messages API: it plays the scenario that a prompt asks for, and keeps a ledger. */
export interface Api {
  readonly port: number;
  /** Everything answered so far, in the order in which it was answered. */
  readonly ledger: readonly Served[];
  readonly close: () => Promise<void>;
}

export interface ApiOptions {
  /** The folder that the tools of a process work in. */
  readonly folderOf: (run: string) => string;
  /** How long the answer to a request beside the conversation takes. */
  readonly asideDelayMs?: number;
}

/** Serves on the socket. */
export async function startApi(
  socket: Server,
  { folderOf, asideDelayMs = 0 }: ApiOptions,
): Promise<Api> {
  const ledger: Served[] = [];
  const attempts = new Map<string, number>();
  let answers = 0;
  const server = createServer((request, response) => {
    void bodyOf(request).then((text) => {
      const [, run = "", ...path] = (request.url ?? "").replace(/\?.*/, "").split("/");
      const requestId = `req_${randomBytes(12).toString("hex")}`;
      response.setHeader("request-id", requestId);
      if (path.join("/") === "v1/messages/count_tokens")
        return reply(response, { input_tokens: 9 });
      if (path.join("/") !== "v1/messages") return fail(response, notFound);
      const body = JSON.parse(text) as MessagesRequest;
      return answer({ run, requestId, body, response });
    });
  });
  const answer = async ({ run, requestId, body, response }: Asked): Promise<void> => {
    const position = positionOf(body);
    const tools = (body.tools ?? []).map(({ name }) => name);
    const step = stepAt(position, { folder: folderOf(run), tools });
    const key = [run, sessionOf(body), position.scenario, position.step].join();
    const attempt = attempts.get(key) ?? 0;
    attempts.set(key, attempt + 1);
    const failure = step.alwaysFails ?? step.failures?.[attempt];
    const usage = usageOf(failure === undefined ? ++answers : 0, position.step);
    const model = step.answeringModel ?? body.model;
    const described = {
      run,
      requestId,
      session: sessionOf(body),
      askedModel: body.model,
      model,
      usage,
    };
    const record = (status: number, outcome: Served["outcome"]): void => {
      ledger.push({ ...position, ...described, status, outcome });
    };
    if (failure !== undefined) {
      record(failure.status, "failed");
      return fail(response, failure);
    }
    await pause(position.scenario === "aside" ? asideDelayMs : (step.delayMs ?? 0));
    const cutsOff = step.isCutOnce === true && attempt === 0;
    const send = body.stream === true ? streamMessage : sendMessage;
    record(200, await send(response, messageOf(step, model, usage), cutsOff));
  };
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    port: address.port,
    ledger,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Asked {
  readonly run: string;
  readonly requestId: string;
  readonly body: MessagesRequest;
  readonly response: ServerResponse;
}

const notFound: Failure = { status: 404, type: "not_found_error" };

function messageOf({ text, tools = [], stop }: Step, model: string, usage: Usage): Answer {
  const calls = tools.map((tool) => ({ id: `toolu_${randomBytes(12).toString("hex")}`, ...tool }));
  const usual = tools.length > 0 ? "tool_use" : "end_turn";
  return { model, text, tools: calls, usage, stop: stop ?? usual };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

function fail(response: ServerResponse, { status, type }: Failure): void {
  response.statusCode = status;
  reply(response, { type: "error", error: { type, message: `simulated ${type}` } });
}

function reply(response: ServerResponse, value: unknown): void {
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify(value));
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds).unref());
}
