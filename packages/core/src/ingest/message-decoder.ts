import { KnownError } from "../errors.ts";
import { classifyMessage, decodeMessage, type Signal } from "../otlp/protobuf/protobuf.ts";
import type { OpenedSource } from "../source/read/opened-source.ts";
import { describeUnknown } from "../source/read/read-items.ts";
import type { LineDecoder } from "./line-decoder.ts";
import { type Rejection, rejection } from "./rejections.ts";

/** Decodes the protobuf messages of one source, which do not say which signal they are of. */
export class MessageDecoder {
  private readonly decoder: LineDecoder;
  private signal: Signal | undefined;

  constructor(decoder: LineDecoder) {
    this.decoder = decoder;
  }

  /**
   * Finds the signal of a source by the structure of its messages; a file whose messages hold
   * different signals is refused.
   */
  async findSignal(source: OpenedSource): Promise<void> {
    const found = new Set<Signal>();
    for await (const item of source.items(0)) {
      if (item.kind !== "message") continue;
      const signals = classifyMessage(item.bytes);
      const [only] = signals;
      if (only !== undefined && signals.length === 1) found.add(only);
    }
    if (found.size > 1) {
      throw new KnownError(
        "ambiguous-signal",
        `${source.path} mixes ${[...found].sort().join(" and ")} in protobuf frames, which do not say what each of them is.`,
        {
          hint: "Give each signal a file of its own in the Collector's configuration, or use format: json.",
        },
      );
    }
    this.signal = [...found][0];
  }

  /** Decodes a message of a frame. Gives what was rejected. */
  message(bytes: Buffer, offset: number, length: number): readonly Rejection[] {
    const verdict = decodeMessage(bytes, this.signal);
    if (verdict.kind === "request") {
      return this.decoder.parsed(verdict.request, bytes, offset, length);
    }
    const detail =
      verdict.kind === "invalid" ? verdict.detail : `could be ${verdict.signals.join(" or ")}`;
    const reason = verdict.kind === "invalid" ? "not-otlp" : "ambiguous-signal";
    return [rejection(reason, detail, bytes, offset, { length })];
  }

  /** Decodes a message that is a whole file: only what is nothing else for sure. */
  body(bytes: Buffer): readonly Rejection[] {
    const verdict = decodeMessage(bytes);
    if (verdict.kind === "request")
      return this.decoder.parsed(verdict.request, bytes, 0, bytes.length);
    return verdict.kind === "invalid"
      ? [rejection("unknown-format", describeUnknown(bytes), bytes, 0)]
      : this.message(bytes, 0, bytes.length);
  }
}
