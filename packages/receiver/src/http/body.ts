import type { Readable } from "node:stream";
import { createGunzip, createInflate } from "node:zlib";
import type { FlightBudget } from "../admission/flight.ts";

/** How a body is compressed. */
export type BodyCoding = "identity" | "gzip" | "deflate";

export interface BodyLimits {
  readonly coding: BodyCoding;
  /** The most bytes a body may have, as it came and inflated. */
  readonly maxBytes: number;
  readonly budget: FlightBudget;
}

/** The outcome of reading a body. Only a whole one holds bytes of the budget, until it is released. */
export type Body =
  | { readonly kind: "whole"; readonly bytes: Uint8Array; readonly release: () => void }
  | { readonly kind: "too-large" }
  | { readonly kind: "busy" }
  | { readonly kind: "undecodable"; readonly message: string }
  /** The sender went away before the end. */
  | { readonly kind: "broken" };

/** The least that is reserved for a body that comes in more than one piece. */
const LEAST_BYTES = 16 * 1024;

/**
 * Reads a body to its end and inflates it. Stops as soon as it is too large or the budget is used
 * up: nothing is inflated beyond that, and what is left of the source is not read. Never throws.
 */
export function readBody(source: Readable, limits: BodyLimits): Promise<Body> {
  const { coding, maxBytes } = limits;
  return new Promise((resolve) => {
    const buffer = bodyBuffer(limits);
    const inflater = coding === "identity" ? undefined : inflaterFor(coding);
    let receivedBytes = 0;
    const onData = (chunk: Uint8Array): void => {
      receivedBytes += chunk.length;
      if (receivedBytes > maxBytes) finish({ kind: "too-large" });
      else if (inflater === undefined) keep(chunk);
      else if (!inflater.write(chunk)) source.pause();
    };
    const onEnd = (): void => {
      // From here on the source may close as it likes.
      release();
      if (inflater === undefined) finish(buffer.whole());
      else inflater.end();
    };
    const onBroken = (): void => finish({ kind: "broken" });
    const release = (): void => {
      source.off("data", onData).off("end", onEnd).off("error", onBroken).off("close", onBroken);
    };
    const keep = (chunk: Uint8Array): void => {
      const refusal = buffer.add(chunk);
      if (refusal !== undefined) finish({ kind: refusal });
    };
    const finish = (body: Body): void => {
      release();
      source.pause();
      inflater?.removeAllListeners().on("error", () => undefined);
      inflater?.destroy();
      if (body.kind !== "whole") buffer.drop();
      resolve(body);
    };
    inflater?.on("data", keep);
    inflater?.on("drain", () => source.resume());
    inflater?.on("end", () => finish(buffer.whole()));
    inflater?.on("error", ({ message }) => {
      finish({ kind: "undecodable", message: `${coding}: ${message}` });
    });
    source.on("data", onData).on("end", onEnd).on("error", onBroken).on("close", onBroken);
  });
}

function inflaterFor(coding: "gzip" | "deflate") {
  return coding === "gzip" ? createGunzip() : createInflate();
}

interface BodyBuffer {
  /** Adds a piece, or returns why it cannot. */
  readonly add: (chunk: Uint8Array) => "too-large" | "busy" | undefined;
  readonly whole: () => Body;
  /** Drops everything and releases its bytes. */
  readonly drop: () => void;
}

/**
 * Collects the pieces of one body. A single piece is kept as it is; several are copied into one
 * buffer, so that a body of many small pieces uses no more memory than is reserved.
 */
function bodyBuffer({ maxBytes, budget }: BodyLimits): BodyBuffer {
  let buffer: Uint8Array = new Uint8Array(0);
  let length = 0;
  let reserved = 0;
  const drop = (): void => {
    budget.release(reserved);
    reserved = 0;
    buffer = new Uint8Array(0);
  };
  const hold = (bytes: number): boolean => {
    if (!budget.reserve(bytes - reserved)) return false;
    reserved = bytes;
    return true;
  };
  return {
    add: (chunk) => {
      const wanted = length + chunk.length;
      if (wanted > maxBytes) return "too-large";
      if (length === 0) {
        if (!hold(chunk.length)) return "busy";
        buffer = chunk;
      } else {
        if (wanted > buffer.length) {
          const room = Math.min(maxBytes, Math.max(LEAST_BYTES, wanted, 2 * buffer.length));
          if (!hold(room)) return "busy";
          const larger = new Uint8Array(room);
          larger.set(buffer.subarray(0, length));
          buffer = larger;
        }
        buffer.set(chunk, length);
      }
      length = wanted;
      return undefined;
    },
    whole: () => ({ kind: "whole", bytes: buffer.subarray(0, length), release: drop }),
    drop,
  };
}
