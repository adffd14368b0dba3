import type { KnownError } from "../errors.ts";
import type { FoundFile, FoundGroup } from "../source/find/found.ts";
import { FollowedFile, type FollowTools } from "./followed-file.ts";
import { type EndBefore, type PartialLine, piecesOf } from "./partial-line.ts";

/** Files of one rotation that are held open at a time. */
const MOST_OPEN = 32;

/** A file that cannot be read at the moment. */
export interface GroupFailure {
  readonly path: string;
  readonly error: KnownError;
}

/**
 * The files of one rotation, oldest first: those that have a name, and those whose name is gone
 * and that may yet be written to. Only the last file can still complete a partial line.
 */
export class FollowedGroup {
  /** The path that is written to. */
  readonly path: string;
  readonly failures: GroupFailure[] = [];
  private chain: FollowedFile[] = [];
  private readonly tools: FollowTools;
  /** Finds a file that is held already, in whatever group. */
  private readonly adopt: (node: string) => FollowedFile | undefined;

  constructor(path: string, tools: FollowTools, adopt: (node: string) => FollowedFile | undefined) {
    this.path = path;
    this.tools = tools;
    this.adopt = adopt;
  }

  get files(): readonly FollowedFile[] {
    return this.chain;
  }

  /** Takes up what the finder saw. */
  reconcile(seen: FoundGroup | undefined): void {
    const named = (seen?.files ?? []).map((file) => this.followed(file));
    const gone = this.chain.filter((file) => !named.includes(file));
    this.chain = [...named];
    for (const file of gone) {
      file.named = false;
      // A file whose name is gone was written before those that came after it.
      const next = this.chain.findIndex(({ serial }) => serial > file.serial);
      this.chain.splice(next < 0 ? this.chain.length : next, 0, file);
    }
  }

  /** Reads what is new in all files, each partial line with what follows it. Says whether anything was read. */
  async read(): Promise<boolean> {
    this.failures.length = 0;
    let anything = false;
    for (let at = 0; at < this.chain.length; at++) {
      if (await this.readAt(at)) anything = true;
    }
    this.letGo();
    return anything;
  }

  /** Gives a file away to another group, whose path leads to it now. */
  giveAway(node: string): FollowedFile | undefined {
    const file = this.chain.find((each) => each.node === node);
    this.chain = this.chain.filter((each) => each !== file);
    return file;
  }

  /** Goes back to what the store knows. */
  rewind(): void {
    for (const file of this.chain) file.rewind();
  }

  /** Closes all files. */
  close(): void {
    for (const file of this.chain) file.release();
    this.chain = [];
  }

  private followed({ path, stat }: FoundFile): FollowedFile {
    const own = this.chain.find((file) => file.node === stat.node);
    const known = own ?? this.adopt(stat.node);
    if (known === undefined) return new FollowedFile(path, stat, this.tools);
    known.seen(path, stat);
    return known;
  }

  private async readAt(at: number): Promise<boolean> {
    const file = this.chain[at];
    if (file === undefined) return false;
    const isLast = at === this.chain.length - 1;
    const ending = isLast && file.named && file.path === this.path ? "open" : "closing";
    // What was rotated away before anything was written to it stands between no parts of a line.
    const previous = this.chain.slice(0, at).findLast(({ sizeBytes }) => sizeBytes > 0);
    if (previous?.isFailing === true && file.isNew) return false;
    const before = file.isNew ? previous?.end : previous?.partial;
    const reading = await file.read(ending, before);
    switch (reading.kind) {
      case "restarted": {
        this.chain[at] = file.successor();
        await this.readAt(at);
        return true;
      }
      case "failed":
        this.failures.push({ path: file.path, error: reading.error });
        return false;
      case "read":
        if (reading.before !== "wait") this.resolve(before, reading.joined);
        return true;
      default:
        return false;
    }
  }

  /** Pieces of a line at the ends of earlier files: `joined` of them are a line now, the others never. */
  private resolve(before: EndBefore, joined: readonly PartialLine[]): void {
    for (const piece of typeof before === "object" ? piecesOf(before) : []) {
      const file = this.chain.find(
        ({ partial, reported }) => partial === piece || reported === piece,
      );
      if (joined.includes(piece)) file?.partialJoined();
      else file?.giveUpPartial();
    }
  }

  /**
   * Closes what will not be written to any more, and forgets what has no name either. Of many
   * files rotated within seconds the oldest are closed at once; those with a name are opened again
   * if they change.
   */
  private letGo(): void {
    let open = this.chain.filter((file) => file.isOpen).length;
    for (const file of this.chain) {
      const isCurrent = file.named && file.path === this.path;
      const tooMany = open > MOST_OPEN && file.isRead;
      // A backlog may take longer to be read than a writer is waited for.
      const isOver = file.lingered && !file.unfinished;
      if (isCurrent || !file.isOpen || !(isOver || tooMany)) continue;
      open--;
      file.reportPartial();
      file.release();
    }
    this.chain = this.chain.filter(
      (file) => file.named || file.isOpen || file.partial !== undefined,
    );
  }
}
