import {
  type HostMessage,
  type LiveMessage,
  type PageMessage,
  type RelationDescription,
  type ReportParameters,
  readHostMessage,
  type TableMessage,
} from "../../host/protocol.ts";
import type { Transport } from "./transport.ts";

/** What a view can ask for. */
export type Request =
  | { readonly kind: "report"; readonly name: string; readonly parameters: ReportParameters }
  | { readonly kind: "query"; readonly sql: string; readonly limit: number };

/** An answer that says why there is none. */
export class Refusal extends Error {
  readonly hint: string | undefined;

  constructor(message: string, hint: string | undefined) {
    super(message);
    this.name = "Refusal";
    this.hint = hint;
  }
}

type Welcome = Extract<HostMessage, { kind: "welcome" }>;
type Answer = TableMessage | Extract<HostMessage, { kind: "schema" }>;

/** What the host sends without being asked. */
export interface HostListener {
  welcome(message: Welcome): void;
  live(message: LiveMessage): void;
  show(message: Extract<HostMessage, { kind: "show" }>): void;
  pinned(sessionId: string | null): void;
  changed(): void;
}

interface Waiting {
  resolve(answer: Answer): void;
  reject(reason: Refusal): void;
}

const MOST_KEPT = 60;

/** The page's side of the conversation with its host. */
export class Client {
  readonly #transport: Transport;
  readonly #waiting = new Map<number, Waiting>();
  readonly #kept = new Map<string, TableMessage>();
  #lastId = 0;

  constructor(transport: Transport, listener: HostListener) {
    this.#transport = transport;
    transport.listen((value) => {
      const message = readHostMessage(value);
      if (message !== undefined) this.#receive(message, listener);
    });
  }

  /** Sends the host a message that has no answer. */
  post(message: Exclude<PageMessage, { readonly id: number }>): void {
    this.#transport.post(message);
  }

  /** The last answer to a request, to be shown until the next one is there. */
  last(request: Request): TableMessage | undefined {
    return this.#kept.get(JSON.stringify(request));
  }

  /** Asks for a table; rejects with a Refusal. An aborted request is never answered. */
  async table(request: Request, signal: AbortSignal): Promise<TableMessage> {
    const answer = await this.#ask((id) => ({ ...request, id }), signal);
    if (answer.kind !== "table") throw new Refusal("The answer is not a table.", undefined);
    this.#keepTable(JSON.stringify(request), answer);
    return answer;
  }

  /** Tables, views and columns; rejects with a Refusal. */
  async schema(signal: AbortSignal): Promise<readonly RelationDescription[]> {
    const answer = await this.#ask((id) => ({ kind: "schema", id }), signal);
    return answer.kind === "schema" ? answer.relations : [];
  }

  #ask(message: (id: number) => PageMessage, signal: AbortSignal): Promise<Answer> {
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      signal.addEventListener("abort", () => {
        if (this.#waiting.delete(id)) this.#transport.post({ kind: "cancel", id });
      });
      this.#transport.post(message(id));
    });
  }

  #receive(message: HostMessage, listener: HostListener): void {
    switch (message.kind) {
      case "welcome":
        listener.welcome(message);
        break;
      case "live":
        listener.live(message);
        break;
      case "show":
        listener.show(message);
        break;
      case "pinned":
        listener.pinned(message.sessionId);
        break;
      case "changed":
        listener.changed();
        break;
      default: {
        const waiting = this.#waiting.get(message.id);
        this.#waiting.delete(message.id);
        if (message.kind === "failed") waiting?.reject(new Refusal(message.message, message.hint));
        else waiting?.resolve(message);
      }
    }
  }

  #keepTable(key: string, table: TableMessage): void {
    this.#kept.delete(key);
    this.#kept.set(key, table);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MOST_KEPT && oldest !== undefined) this.#kept.delete(oldest);
  }
}
