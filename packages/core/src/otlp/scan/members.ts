import type { ByteCursor, Literal } from "./byte-cursor.ts";

/** A member of an object: its name with what its value begins with, and a bit of its own. */
export interface Member<Name extends string> {
  readonly name: Name;
  readonly start: Literal;
  readonly bit: number;
}

/**
 * Finds which member of an object comes next. Objects of one writer have their
 * members in one order, so each is first looked for where it stood in the last.
 */
export class MemberOrder<Name extends string> {
  private readonly members: readonly Member<Name>[];
  private readonly order: Member<Name>[] = [];
  private at = 0;
  private seen = 0;

  constructor(starts: readonly (readonly [name: Name, start: Literal])[]) {
    this.members = starts.map(([name, start], index) => ({ name, start, bit: 1 << index }));
  }

  /** Begins an object. */
  begin(): void {
    this.at = 0;
    this.seen = 0;
  }

  /** Passes the name of a member and the beginning of its value; undefined for an unknown one, and for one that comes twice. */
  next(cursor: ByteCursor): Name | undefined {
    const guess = this.order[this.at];
    if (guess !== undefined && cursor.take(guess.start)) return this.count(guess);
    for (const member of this.members) {
      if (!cursor.take(member.start)) continue;
      this.order[this.at] = member;
      return this.count(member);
    }
    return undefined;
  }

  private count(member: Member<Name>): Name | undefined {
    if ((this.seen & member.bit) !== 0) return undefined;
    this.seen |= member.bit;
    this.at++;
    return member.name;
  }
}
