import type { ChildToHost, CommandRequest, HostToChild } from "../../messages.ts";

/** The outcome of a request: a text, or why there is none. */
export type Answer =
  | { readonly kind: "answer"; readonly text: string }
  | { readonly kind: "refusal"; readonly message: string; readonly hint: string };

export type Progress = Extract<ChildToHost, { kind: "progress" }>;

interface Pending {
  readonly resolve: (answer: Answer) => void;
  readonly onProgress: (progress: Progress) => void;
}

const noChild: Answer = {
  kind: "refusal",
  message: "The process that reads the telemetry is not running.",
  hint: "It is started again by itself; try once more in a moment.",
};

/** Requests of commands to the child process, each with its answer; none is left unanswered. */
export class PendingRequests {
  private readonly send: (message: HostToChild) => boolean;
  private readonly pending: Map<number, Pending> = new Map();
  private lastId = 0;

  constructor(send: (message: HostToChild) => boolean) {
    this.send = send;
  }

  /** Sends a request; `onCancel` gets a function that cancels it. */
  request(
    request: CommandRequest,
    onCancel: (cancel: () => void) => void = () => undefined,
    onProgress: (progress: Progress) => void = () => undefined,
  ): Promise<Answer> {
    this.lastId += 1;
    const id = this.lastId;
    return new Promise((resolve) => {
      this.pending.set(id, { resolve, onProgress });
      if (!this.send({ kind: "request", id, request })) this.settle(id, noChild);
      else onCancel(() => this.send({ kind: "cancel", id }));
    });
  }

  /** Handles a message of the child about a request. */
  handle(message: Extract<ChildToHost, { kind: "answer" | "refusal" | "progress" }>): void {
    if (message.kind === "progress") this.pending.get(message.id)?.onProgress(message);
    else this.settle(message.id, message);
  }

  /** The child is gone: no pending request will be answered. */
  childGone(): void {
    for (const id of this.pending.keys()) this.settle(id, noChild);
  }

  private settle(id: number, answer: Answer): void {
    const pending = this.pending.get(id);
    this.pending.delete(id);
    pending?.resolve(answer);
  }
}
