import { JournalFile, type JournalFileOptions, StorageFault, storageFaultOf } from "./file.ts";
import type { Line } from "./line.ts";

/** Keeps lines, in the order in which they come. */
export interface Journal {
  /**
   * Takes a line. Resolves when it is kept as durably as was asked for.
   * Rejects with `StorageFault` where it is not, and with `QueueFull`.
   */
  readonly append: (line: Line) => Promise<void>;
  /** Why the last write failed; undefined where it did not. */
  readonly fault: () => string | undefined;
  /** Bytes written so far. */
  readonly bytesWritten: () => number;
  /** Writes what was taken, then closes the file. */
  readonly close: () => Promise<void>;
}

/** More lines wait than memory is meant for, or no line is taken any more. */
export class QueueFull extends Error {}

/** How a journal is kept. */
export interface JournalOptions extends JournalFileOptions {
  /** Bytes that may wait to be written. */
  readonly maxQueuedBytes: number;
}

/** Lines that are written together, so that they wait for the disk only once. */
const GROUP_BYTES = 8 * 1024 * 1024;

/**
 * Opens a journal. While one group of lines is on its way to the disk the next
 * one gathers: nobody waits for longer than two of these ways.
 *
 * Rejects with `StorageFault` where the file cannot be opened.
 */
export async function openJournal(options: JournalOptions): Promise<Journal> {
  const file = new JournalFile(options);
  await file.open().catch((error: unknown) => {
    throw storageFaultOf(error);
  });
  const queue: Waiting[] = [];
  let queuedBytes = 0;
  let writtenBytes = 0;
  let fault: string | undefined;
  let running: Promise<void> | undefined;
  let isClosed = false;

  const writeAll = async (): Promise<void> => {
    while (queue.length > 0) {
      const group = takeGroup(queue);
      const bytes = group.reduce((sum, each) => sum + each.bytes, 0);
      try {
        await file.append(group.flatMap(({ line }) => line));
        writtenBytes += bytes;
        fault = undefined;
        for (const { kept } of group) kept();
      } catch (error) {
        fault = error instanceof StorageFault ? error.message : String(error);
        for (const { lost } of group) lost(error);
      }
      queuedBytes -= bytes;
    }
    running = undefined;
  };

  return {
    append: (line) => {
      if (isClosed) return Promise.reject(new QueueFull("the receiver is ending"));
      const bytes = line.reduce((sum, piece) => sum + piece.length, 0);
      if (queue.length > 0 && queuedBytes + bytes > options.maxQueuedBytes) {
        return Promise.reject(new QueueFull("more waits to be written than memory is meant for"));
      }
      queuedBytes += bytes;
      const done = new Promise<void>((kept, lost) => queue.push({ line, bytes, kept, lost }));
      running ??= writeAll();
      if (options.durability !== "none") return done;
      // What becomes of it is told by `fault`.
      done.catch(() => undefined);
      return Promise.resolve();
    },
    fault: () => fault,
    bytesWritten: () => writtenBytes,
    close: async () => {
      isClosed = true;
      await running;
      await file.close();
    },
  };
}

interface Waiting {
  readonly line: Line;
  readonly bytes: number;
  readonly kept: () => void;
  readonly lost: (error: unknown) => void;
}

/** Takes lines off the queue, in order, until they are enough for one write. */
function takeGroup(queue: Waiting[]): readonly Waiting[] {
  let bytes = 0;
  let count = 0;
  for (const each of queue) {
    if (count > 0 && bytes + each.bytes > GROUP_BYTES) break;
    bytes += each.bytes;
    count += 1;
  }
  return queue.splice(0, count);
}
