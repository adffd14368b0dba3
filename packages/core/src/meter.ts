/** What one session used, for processes that live only for a moment; without the engine. */
export { keptJson } from "./live/kept-json.ts";
export type { LiveSession } from "./live/snapshot.ts";
export { type MeterOptions, SessionMeter } from "./meter/session-meter.ts";
