import { describeRelations, type Store } from "@cctelemetry/core";
import { KnownError } from "@cctelemetry/core/light";
import { readPageMessage } from "@cctelemetry/dashboard/protocol-schema";
import type { Ask, ChildToHost, HostToChild } from "../messages.ts";
import {
  answerPage,
  type PageQuestion,
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

type Tell = (message: ChildToHost) => void;
type CounterMessage = Extract<HostToChild, { kind: "page" | "ask" | "cancel" }>;

/** Where questions are asked: of the page, and by commands of the window. Each is answered once. */
export class Counter {
  private readonly sources: Sources;
  private readonly scripts: Scripts;
  private readonly tell: Tell;
  private readonly pageRuns: Map<number, AbortController> = new Map();
  private readonly askRuns: Map<number, AbortController> = new Map();

  constructor(store: Store, timeZone: string | undefined, scripts: Scripts, tell: Tell) {
    const relations = once(describeRelations);
    this.sources = { store, timeZone, queryScript: scripts.query, relations };
    this.scripts = scripts;
    this.tell = tell;
  }

  /** Begins to answer, or gives up answering. */
  take(message: CounterMessage): void {
    if (message.kind === "cancel") this.askRuns.get(message.id)?.abort();
    else if (message.kind === "ask") void this.answerAsk(message.id, message.ask);
    else this.takePage(message.message);
  }

  /** Gives up everything. */
  close(): void {
    for (const run of [...this.pageRuns.values(), ...this.askRuns.values()]) run.abort();
  }

  private takePage(received: unknown): void {
    const message = readPageMessage(received);
    switch (message?.kind) {
      case "cancel":
        this.pageRuns.get(message.id)?.abort();
        return;
      case "report":
      case "query":
      case "schema":
        void this.answerQuestion(message);
        return;
      default:
        this.tell({
          kind: "log",
          level: "warn",
          text: "A message of the page was not understood.",
        });
    }
  }

  private async answerQuestion(question: PageQuestion): Promise<void> {
    const { id } = question;
    const run = new AbortController();
    this.pageRuns.set(id, run);
    try {
      const message = await answerPage(question, this.sources, run.signal);
      if (!run.signal.aborted) this.tell({ kind: "page", message });
    } catch (error) {
      if (!run.signal.aborted) {
        this.tell({ kind: "page", message: { kind: "failed", id, ...this.wordsOf(error) } });
      }
    } finally {
      this.pageRuns.delete(id);
    }
  }

  private async answerAsk(id: number, ask: Ask): Promise<void> {
    const run = new AbortController();
    this.askRuns.set(id, run);
    try {
      this.tell({ kind: "answer", id, text: await this.textOf(id, ask, run.signal) });
    } catch (error) {
      this.tell({ kind: "refusal", id, ...this.wordsOf(error) });
    } finally {
      this.askRuns.delete(id);
    }
  }

  private textOf(id: number, ask: Ask, signal: AbortSignal): Promise<string> {
    const { sources, scripts } = this;
    if (ask.what === "report") return reportMarkdown(ask.name, ask.parameters, sources);
    if (ask.what === "query") return queryText(ask.sql, sources, signal);
    const { path: database, ownTags } = sources.store;
    const request = { database, paths: ask.paths, ownTags };
    return importIn(
      scripts.import,
      request,
      ({ path, bytesRead, bytesTotal }) => {
        this.tell({ kind: "progress", id, path, bytesRead, bytesTotal });
      },
      signal,
    );
  }

  /** What went wrong, in words for a person; a bug is logged with its stack. */
  private wordsOf(error: unknown): { message: string; hint: string } {
    if (error instanceof KnownError) return { message: error.message, hint: error.hint ?? "" };
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.tell({ kind: "log", level: "error", text });
    const message = error instanceof Error ? error.message : String(error);
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
