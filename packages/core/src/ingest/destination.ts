import type { FileProgress } from "./cursor.ts";

/** Where decoded rows go, together with how far their files were read. */
export interface Destination {
  /** Whether there is enough to be stored. */
  readonly full: boolean;
  /** Notes how far a file was read; stored with the rows that were decoded so far. */
  progress(file: FileProgress): void;
  /** Hands on what was decoded so far. */
  flush(): Promise<void>;
  /** Gives way to what is being stored, whose steps wait for each other; undefined where nothing does. */
  giveWay(): Promise<void> | undefined;
}
