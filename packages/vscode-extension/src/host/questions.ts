import type { Ask, ChildToHost, HostToChild } from "../messages.ts";

/** What a question came to: a text, or why there is none. */
export type Answer =
  | { readonly kind: "answer"; readonly text: string }
  | { readonly kind: "refusal"; readonly message: string; readonly hint: string };

export type Progress = Extract<ChildToHost, { kind: "progress" }>;

interface Open {
  readonly resolve: (answer: Answer) => void;
  readonly onProgress: (progress: Progress) => void;
}

const noChild: Answer = {
  kind: "refusal",
  message: "The process that reads the telemetry is not running.",
  hint: "It is started again by itself; try once more in a moment.",
};

/** Questions of commands to the child process, each with its answer; none is left open. */
export class Questions {
  private readonly send: (message: HostToChild) => boolean;
  private readonly open: Map<number, Open> = new Map();
  private lastId = 0;

  constructor(send: (message: HostToChild) => boolean) {
    this.send = send;
  }

  /** Asks; `onCancel` is given how to give up. */
  ask(
    ask: Ask,
    onCancel: (cancel: () => void) => void = () => undefined,
    onProgress: (progress: Progress) => void = () => undefined,
  ): Promise<Answer> {
    this.lastId += 1;
    const id = this.lastId;
    return new Promise((resolve) => {
      this.open.set(id, { resolve, onProgress });
      if (!this.send({ kind: "ask", id, ask })) this.settle(id, noChild);
      else onCancel(() => this.send({ kind: "cancel", id }));
    });
  }

  /** Accepts a message of the child on a question. */
  take(message: Extract<ChildToHost, { kind: "answer" | "refusal" | "progress" }>): void {
    if (message.kind === "progress") this.open.get(message.id)?.onProgress(message);
    else this.settle(message.id, message);
  }

  /** The child is gone: nothing that was asked will be answered. */
  childGone(): void {
    for (const id of this.open.keys()) this.settle(id, noChild);
  }

  private settle(id: number, answer: Answer): void {
    const open = this.open.get(id);
    this.open.delete(id);
    open?.resolve(answer);
  }
}
