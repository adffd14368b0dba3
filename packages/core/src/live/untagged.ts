import type { Subject } from "../attribution/evidence.ts";
import type { Amount } from "./amounts.ts";

/** Finds the stage of what carries no tag of its own; undefined if there is none. */
export type FindStage = (asked: Subject) => string | undefined;

/**
 * Usage without a stage tag, each with what its stage is found by. It is kept one by one, since a
 * later mark may say where it belongs.
 */
export class Untagged {
  private readonly items: Item[] = [];

  /** Adds what was used, and what is known of who used it. */
  add(subject: Subject, amount: Amount): void {
    this.items.push({ subject, amount, found: undefined });
  }

  /** Adds all of another one. */
  merge({ items }: Untagged): void {
    for (const item of items) this.items.push(item);
  }

  /** How many there are. */
  get size(): number {
    return this.items.length;
  }

  /** Each amount with the stage that is found for it. `find` is asked once for each, unless it is another. */
  *by(find: FindStage): Generator<readonly [string | undefined, Amount]> {
    for (const item of this.items) {
      if (item.found?.by !== find) item.found = { by: find, stage: find(item.subject) };
      yield [item.found.stage, item.amount];
    }
  }

  /** Lets go of all. */
  clear(): void {
    this.items.length = 0;
  }
}

/** Shared between copies: what was found is the same for all that ask alike. */
interface Item {
  readonly subject: Subject;
  readonly amount: Amount;
  found: { readonly by: FindStage; readonly stage: string | undefined } | undefined;
}
