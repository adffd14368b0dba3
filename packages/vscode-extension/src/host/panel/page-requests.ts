import type { HostMessage, PageMessage } from "@cctelemetry/dashboard/protocol";

type Request = Extract<PageMessage, { kind: "report" | "query" | "schema" }>;

/**
 * Requests of the page to the child process. A page that is loaded again counts from the beginning,
 * so the child gets other numbers; an answer to a cancelled request is dropped.
 */
export class PageRequests {
  private readonly pending: Map<number, number> = new Map();
  private lastId = 0;

  /** A request with the number that the child gets. */
  toChild(request: Request): Request {
    this.lastId += 1;
    this.pending.set(this.lastId, request.id);
    return { ...request, id: this.lastId };
  }

  /** Cancels a request of the page; returns its number for the child, undefined if it was answered. */
  cancel(pageId: number): number | undefined {
    const [id] = [...this.pending].find(([, own]) => own === pageId) ?? [];
    if (id !== undefined) this.pending.delete(id);
    return id;
  }

  /** A message of the child with the number of the page; undefined if the request was cancelled. */
  toPage(message: HostMessage): HostMessage | undefined {
    if (!("id" in message)) return message;
    const id = this.pending.get(message.id);
    this.pending.delete(message.id);
    return id === undefined ? undefined : { ...message, id };
  }

  /** Failures of all pending requests, after the child ended. */
  failAll(): readonly HostMessage[] {
    const failed = [...this.pending.values()].map(
      (id): HostMessage => ({
        kind: "failed",
        id,
        message: "The process that reads the telemetry was interrupted.",
        hint: "It is started again by itself.",
      }),
    );
    this.pending.clear();
    return failed;
  }

  /** Cancels everything; returns the numbers that the child need not answer. */
  forgetAll(): readonly number[] {
    const ids = [...this.pending.keys()];
    this.pending.clear();
    return ids;
  }
}
