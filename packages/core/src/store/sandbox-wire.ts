import { deserialize, serialize } from "node:v8";
import type { KnownErrorCode } from "../errors.ts";
import type { OwnTags } from "../model/own-tags.ts";
import type { Value } from "./session.ts";

/** One query as the child process gets it. */
export interface SandboxRequest {
  /** The database file, absolute. */
  readonly path: string;
  readonly sql: string;
  /** Values of named parameters; the SQL casts them. */
  readonly parameters: Readonly<Record<string, string>>;
  /** The most rows to send; 0 for all. */
  readonly maxRows: number;
  /** The most bytes to send; 0 for all. */
  readonly maxBytes: number;
  /** How long the query may run, milliseconds; 0 without limit. */
  readonly timeoutMs: number;
  /** How long to wait for a lock that another program holds, milliseconds. */
  readonly waitMs: number;
  /** IANA name of the zone in which the engine truncates and prints times; the platform's where undefined. */
  readonly timeZone: string | undefined;
  /** Names of tags that stand for columns of workflows, as the settings have them. */
  readonly ownTags?: OwnTags;
}

/** The messages of the child process. */
export type SandboxMessage =
  | { readonly kind: "opened" }
  | { readonly kind: "columns"; readonly columns: readonly SandboxColumn[] }
  | { readonly kind: "rows"; readonly rows: readonly (readonly Value[])[] }
  /** The end of the rows; `cut` says which limit left rows out. */
  | { readonly kind: "done"; readonly cut: "rows" | "bytes" | undefined }
  /** The views of the database are of another version; nothing was run. */
  | { readonly kind: "outdated" }
  | {
      readonly kind: "failed";
      readonly code: KnownErrorCode;
      readonly message: string;
      readonly hint: string | undefined;
    }
  | { readonly kind: "bug"; readonly stack: string };

export interface SandboxColumn {
  readonly name: string;
  readonly type: string;
}

const LENGTH_BYTES = 4;

/** A message as a frame: its length in four bytes, then V8's own exact serialization. */
export function encodeFrame(message: SandboxRequest | SandboxMessage): Buffer {
  const body = serialize(message);
  const head = Buffer.allocUnsafe(LENGTH_BYTES);
  head.writeUInt32LE(body.length);
  return Buffer.concat([head, body]);
}

/** The messages in a stream of frames; half a frame at the end is left out. */
export async function* decodeFrames(stream: AsyncIterable<Buffer>): AsyncGenerator<unknown> {
  let held: Buffer[] = [];
  let size = 0;
  let wanted = LENGTH_BYTES;
  for await (const chunk of stream) {
    held.push(chunk);
    size += chunk.length;
    while (size >= wanted) {
      const all = held.length === 1 ? (held[0] ?? chunk) : Buffer.concat(held);
      wanted = LENGTH_BYTES + all.readUInt32LE();
      held = [all];
      if (size < wanted) break;
      yield deserialize(all.subarray(LENGTH_BYTES, wanted));
      held = [all.subarray(wanted)];
      size -= wanted;
      wanted = LENGTH_BYTES;
    }
  }
}
