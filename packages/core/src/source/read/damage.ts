import type { StreamDamage } from "../codec/bytes.ts";
import type { DamagedItem, DamageReason } from "./items.ts";

/** How many bytes of a damaged place are shown. */
export const SHOWN_BYTES = 200;

/** The item for bytes that hold no telemetry we could read, with a copy of the first of them. */
export function damaged(
  offset: number,
  length: number,
  reason: DamageReason,
  detail: string,
  bytes: Uint8Array,
): DamagedItem {
  const shown = Buffer.from(bytes.subarray(0, SHOWN_BYTES));
  return { kind: "damaged", offset, length, reason, detail, bytes: shown };
}

/** The item for NULs where a line should begin. */
export function nulGap(offset: number, length: number): DamagedItem {
  const detail = `${length} NUL bytes: the file was truncated while its writer kept its place.`;
  return damaged(offset, length, "nul-hole", detail, Buffer.alloc(Math.min(length, SHOWN_BYTES)));
}

/** The item for a place where a compressed stream breaks. */
export function brokenStream(offset: number, damage: StreamDamage): DamagedItem {
  return damaged(offset, 0, damage.reason, damage.detail, Buffer.alloc(0));
}

/** The item for what is left of a line in which a compressed stream breaks. */
export function brokenLine(
  offset: number,
  length: number,
  damage: StreamDamage,
  bytes: Buffer,
): DamagedItem {
  return damaged(offset, length, damage.reason, `The line breaks off: ${damage.detail}`, bytes);
}
