import { JournalFile, type JournalFileOptions, StorageFault, storageFaultOf } from "./file.ts";
import type { Line } from "./line.ts";

/** Stores lines, in the order in which they come. */
export interface Journal {
  /**
   * Resolves when the line is stored as durably as the options say. Rejects with `StorageFault` if
   * it cannot be, and with `QueueFull`.
   */
  readonly append: (line: Line) => Promise<void>;
  /** Why the last write failed; undefined if it succeeded. */
  readonly fault: () => string | undefined;
  /** Bytes written so far. */
  readonly bytesWritten: () => number;
  /** How far the file holds, bytes; `file` is another number for each new file. */
  readonly extent: () => { readonly file: number; readonly bytes: number };
  /** Writes what is queued, then closes the file. */
  readonly close: () => Promise<void>;
}

/** More lines wait than memory is meant for, or the journal is closing. */
export class QueueFull extends Error {}

/** Options of a journal. */
export interface JournalOptions extends JournalFileOptions {
  /** Bytes that may wait to be written. */
  readonly maxQueuedBytes: number;
}

/** Bytes of lines that are written together, so that they wait for the disk only once. */
const GROUP_BYTES = 8 * 1024 * 1024;

/**
 * Opens a journal. While one group of lines is being written, the next one collects: no line waits
 * longer than for two writes. Rejects with `StorageFault` if the file cannot be opened.
 */
export async function openJournal(options: JournalOptions): Promise<Journal> {
  const file = new JournalFile(options);
  await file.open().catch((error: unknown) => {
    throw storageFaultOf(error);
  });
  const queue: QueuedLine[] = [];
  let queuedBytes = 0;
  let writtenBytes = 0;
  let fault: string | undefined;
  let running: Promise<void> | undefined;
  let isClosed = false;

  const writeAll = async (): Promise<void> => {
    while (queue.length > 0) {
      const group = nextGroup(queue);
      const bytes = group.reduce((sum, each) => sum + each.bytes, 0);
      try {
        await file.append(group.flatMap(({ line }) => line));
        writtenBytes += bytes;
        fault = undefined;
        for (const { stored } of group) stored();
      } catch (error) {
        fault = error instanceof StorageFault ? error.message : String(error);
        for (const { failed } of group) failed(error);
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
      const done = new Promise<void>((stored, failed) =>
        queue.push({ line, bytes, stored, failed }),
      );
      running ??= writeAll();
      if (options.durability !== "none") return done;
      // `fault` reports whether it failed.
      done.catch(() => undefined);
      return Promise.resolve();
    },
    fault: () => fault,
    bytesWritten: () => writtenBytes,
    extent: () => file.extent,
    close: async () => {
      isClosed = true;
      await running;
      await file.close();
    },
  };
}

interface QueuedLine {
  readonly line: Line;
  readonly bytes: number;
  readonly stored: () => void;
  readonly failed: (error: unknown) => void;
}

/** Removes lines from the queue, in order, until they are enough for one write. */
function nextGroup(queue: QueuedLine[]): readonly QueuedLine[] {
  let bytes = 0;
  let count = 0;
  for (const each of queue) {
    if (count > 0 && bytes + each.bytes > GROUP_BYTES) break;
    bytes += each.bytes;
    count += 1;
  }
  return queue.splice(0, count);
}
