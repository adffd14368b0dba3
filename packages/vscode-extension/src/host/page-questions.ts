import type { HostMessage, PageMessage } from "@cctelemetry/dashboard/protocol";

type Question = Extract<PageMessage, { kind: "report" | "query" | "schema" }>;

/**
 * What a page asks of the child process. A page that is loaded again counts from the beginning, so
 * the child gets other numbers; an answer that nobody waits for any more is dropped.
 */
export class PageQuestions {
  private readonly open: Map<number, number> = new Map();
  private lastId = 0;

  /** The question as the child gets it. */
  outward(question: Question): Question {
    this.lastId += 1;
    this.open.set(this.lastId, question.id);
    return { ...question, id: this.lastId };
  }

  /** The number by which the child knows a question of the page; it is not waited for any more. */
  giveUp(pageId: number): number | undefined {
    const [id] = [...this.open].find(([, asked]) => asked === pageId) ?? [];
    if (id !== undefined) this.open.delete(id);
    return id;
  }

  /** A message of the child as the page knows it; undefined where nobody waits for it. */
  inward(message: HostMessage): HostMessage | undefined {
    if (!("id" in message)) return message;
    const id = this.open.get(message.id);
    this.open.delete(message.id);
    return id === undefined ? undefined : { ...message, id };
  }

  /** Everything that is open, as failed: for a child that is gone. */
  failAll(): readonly HostMessage[] {
    const failed = [...this.open.values()].map(
      (id): HostMessage => ({
        kind: "failed",
        id,
        message: "The process that reads the telemetry was interrupted.",
        hint: "It is started again by itself.",
      }),
    );
    this.open.clear();
    return failed;
  }

  /** Forgets everything; gives the numbers that the child need not answer. */
  forgetAll(): readonly number[] {
    const ids = [...this.open.keys()];
    this.open.clear();
    return ids;
  }
}
