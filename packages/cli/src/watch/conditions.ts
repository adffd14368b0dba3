import { basename } from "node:path";
import type { WireFile, WireState } from "@cctelemetry/core";
import { backlogRead, compactRatio, counted, escapeUnsafe } from "@cctelemetry/core/light";
import type { WatchPaint } from "./paint.ts";
import type { Line } from "./spans.ts";

const BAR_WIDTH = 12;

/** What is wrong now, one sentence each, the database first. */
export function problemsOf({ files, store }: WireState): readonly string[] {
  const stored =
    store.state === "ok" ? [] : [`${store.reason}${store.hint === null ? "" : ` ${store.hint}`}`];
  const unread = files.flatMap(({ path, state, reason }) =>
    state === "following" || state === "waiting" ? [] : [`${basename(path)}: ${reason}`],
  );
  return [...stored, ...unread].map(escapeUnsafe);
}

/** `2 files followed · 1 awaited · 3 lines rejected` */
export function followedText({ files }: WireState): string {
  const count = (wanted: WireFile["state"]) => files.filter(({ state }) => state === wanted).length;
  const rejected = files.reduce((sum, { rejected_lines }) => sum + rejected_lines, 0);
  const [followed, awaited] = [count("following"), count("waiting")];
  return [
    ...(followed > 0 || awaited === 0 ? [`${counted(followed, "file")} followed`] : []),
    ...(awaited === 0 ? [] : [`${counted(awaited, "file")} awaited`]),
    ...(rejected === 0 ? [] : [`${counted(rejected, "line")} rejected`]),
  ].join(" · ");
}

/** `catching up ▇▇▇▇▇▇▇▁▁▁▁▁ 63 %`; nothing without a backlog. */
export function progressLine(state: WireState, paint: WatchPaint): Line {
  const read = backlogRead(state);
  if (read === null) return [];
  const bar = "▇".repeat(Math.round(read * BAR_WIDTH)).padEnd(BAR_WIDTH, "▁");
  return [
    { text: "catching up " },
    { text: bar, paint: paint.bar },
    { text: ` ${compactRatio(read)}` },
  ];
}

/** What to do where nothing has arrived yet. */
export function emptyLines({ files, ready }: WireState, paint: WatchPaint): readonly Line[] {
  if (!ready) return [[{ text: "Reading what is there …", paint: paint.quiet }]];
  const places = files.map(
    ({ path, reason }): Line => [
      { text: `  ${escapeUnsafe(path)}` },
      ...(reason === null ? [] : [{ text: `  ${escapeUnsafe(reason)}`, paint: paint.quiet }]),
    ],
  );
  return [
    [{ text: "Nothing has arrived yet." }],
    [],
    [{ text: "Start Claude Code with telemetry on. Its Collector is expected to write to" }],
    ...places,
  ];
}
