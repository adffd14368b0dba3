/**
 * What a status line needs: what one session used, for processes that live only for a moment, and
 * short texts of it. Without the engine.
 */
export { KnownError } from "./errors.ts";
export { escapeUnsafe } from "./format/escape.ts";
export {
  compactCount,
  compactRatio,
  compactUsd,
  costText,
  counted,
  hourlyText,
} from "./format/numbers.ts";
export { stageText } from "./format/stage-text.ts";
export { ellipsize, textWidth } from "./format/text-width.ts";
export { isAlive } from "./is-alive.ts";
export { usdOf } from "./live/money.ts";
export type { LiveSession } from "./live/snapshot.ts";
export { openStagesIn } from "./meter/open-stages-in.ts";
export { type MeterOptions, SessionMeter } from "./meter/session-meter.ts";
export type { WireSession } from "./wire/schema.ts";
export { wireSession } from "./wire/to-wire.ts";
