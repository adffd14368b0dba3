import { describeRelations, type Store } from "@cctelemetry/core";
import { KnownError, messageOf } from "@cctelemetry/core/light";
import { readPageMessage } from "@cctelemetry/dashboard/protocol";
import type { ChildToHost, CommandRequest, HostToChild } from "../messages.ts";
import {
  answerPage,
  type PageRequest,
  queryText,
  reportMarkdown,
  type Sources,
} from "./answers.ts";
import { importIn } from "./import-process.ts";

/** Where the scripts of further processes lie. */
export interface Scripts {
  readonly query: string;
  readonly import: string;
}

type Send = (message: ChildToHost) => void;
type QueryMessage = Extract<HostToChild, { kind: "page" | "request" | "cancel" }>;

/** Answers requests of the page and of commands of the window from the database, each once. */
export class QueryService {
  private readonly sources: Sources;
  private readonly scripts: Scripts;
  private readonly send: Send;
  private readonly pageRuns: Map<number, AbortController> = new Map();
  private readonly commandRuns: Map<number, AbortController> = new Map();

  constructor(store: Store, timeZone: string | undefined, scripts: Scripts, send: Send) {
    const relations = once(describeRelations);
    this.sources = { store, timeZone, queryScript: scripts.query, relations };
    this.scripts = scripts;
    this.send = send;
  }

  /** Begins to answer, or cancels an answer. */
  handle(message: QueryMessage): void {
    if (message.kind === "cancel") this.commandRuns.get(message.id)?.abort();
    else if (message.kind === "request") void this.answerCommand(message.id, message.request);
    else this.handlePage(message.message);
  }

  /** Cancels everything. */
  close(): void {
    for (const run of [...this.pageRuns.values(), ...this.commandRuns.values()]) run.abort();
  }

  private handlePage(received: unknown): void {
    const message = readPageMessage(received);
    switch (message?.kind) {
      case "cancel":
        this.pageRuns.get(message.id)?.abort();
        return;
      case "report":
      case "query":
      case "schema":
        void this.answerRequest(message);
        return;
      default:
        this.send({
          kind: "log",
          level: "warn",
          text: "A message of the page was not understood.",
        });
    }
  }

  private async answerRequest(request: PageRequest): Promise<void> {
    const { id } = request;
    const run = new AbortController();
    this.pageRuns.set(id, run);
    try {
      const message = await answerPage(request, this.sources, run.signal);
      if (!run.signal.aborted) this.send({ kind: "page", message });
    } catch (error) {
      if (!run.signal.aborted) {
        this.send({ kind: "page", message: { kind: "failed", id, ...this.failureOf(error) } });
      }
    } finally {
      this.pageRuns.delete(id);
    }
  }

  private async answerCommand(id: number, request: CommandRequest): Promise<void> {
    const run = new AbortController();
    this.commandRuns.set(id, run);
    try {
      this.send({ kind: "answer", id, text: await this.textOf(id, request, run.signal) });
    } catch (error) {
      this.send({ kind: "refusal", id, ...this.failureOf(error) });
    } finally {
      this.commandRuns.delete(id);
    }
  }

  private textOf(id: number, request: CommandRequest, signal: AbortSignal): Promise<string> {
    const { sources, scripts } = this;
    if (request.what === "report") return reportMarkdown(request.name, request.parameters, sources);
    if (request.what === "query") return queryText(request.sql, sources, signal);
    const { path: database, ownTags } = sources.store;
    const { paths } = request;
    return importIn(
      scripts.import,
      { database, paths, ownTags },
      ({ path, bytesRead, bytesTotal }) => {
        this.send({ kind: "progress", id, path, bytesRead, bytesTotal });
      },
      signal,
    );
  }

  /** The message and hint of an error; a bug is logged with its stack. */
  private failureOf(error: unknown): { message: string; hint: string } {
    if (error instanceof KnownError) return { message: error.message, hint: error.hint ?? "" };
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.send({ kind: "log", level: "error", text });
    const message = messageOf(error);
    return { message, hint: "The log of the extension says more." };
  }
}

/** Work whose result is kept; after a failure it is done again. */
function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => {
    result ??= work().catch((error: unknown) => {
      result = undefined;
      throw error;
    });
    return result;
  };
}
