import { basename } from "node:path";
import type { StoreCondition, WatchedFile } from "@cctelemetry/core";
import { compactRatio, escapeUnsafe } from "@cctelemetry/core/light";
import type { WatchPaint } from "./paint.ts";
import type { Line } from "./spans.ts";
import { plural } from "./words.ts";

/** What is followed, and how that goes. */
export interface Conditions {
  readonly files: readonly WatchedFile[];
  readonly store: StoreCondition;
  /** Which part of a backlog was read, 0 to 1; undefined without one. */
  readonly catchingUp: number | undefined;
  /** False until everything that was there at the beginning is part of the state. */
  readonly ready: boolean;
}

const BAR_WIDTH = 12;

/** What is wrong now, one sentence each, the database first. */
export function problemsOf({ files, store }: Conditions): readonly string[] {
  const stored =
    store.kind === "ok"
      ? []
      : [`${store.message}${store.hint === undefined ? "" : ` ${store.hint}`}`];
  const unread = files.flatMap(({ path, condition }) =>
    condition.kind === "following" || condition.kind === "waiting"
      ? []
      : [`${basename(path)}: ${condition.reason}`],
  );
  return [...stored, ...unread].map(escapeUnsafe);
}

/** `2 files followed · 1 awaited · 3 lines rejected` */
export function followedText({ files }: Conditions): string {
  const count = (kind: WatchedFile["condition"]["kind"]) =>
    files.filter(({ condition }) => condition.kind === kind).length;
  const rejected = files.reduce((sum, { rejectedLines }) => sum + rejectedLines, 0);
  const [followed, awaited] = [count("following"), count("waiting")];
  return [
    ...(followed > 0 || awaited === 0 ? [`${plural(followed, "file")} followed`] : []),
    ...(awaited === 0 ? [] : [`${plural(awaited, "file")} awaited`]),
    ...(rejected === 0 ? [] : [`${plural(rejected, "line")} rejected`]),
  ].join(" · ");
}

/** `catching up ▇▇▇▇▇▇▇▁▁▁▁▁ 63 %`; nothing without a backlog. */
export function progressLine({ catchingUp }: Conditions, paint: WatchPaint): Line {
  if (catchingUp === undefined) return [];
  const bar = "▇".repeat(Math.round(catchingUp * BAR_WIDTH)).padEnd(BAR_WIDTH, "▁");
  return [
    { text: "catching up " },
    { text: bar, paint: paint.bar },
    { text: ` ${compactRatio(catchingUp)}` },
  ];
}

/** What to do where nothing has arrived yet. */
export function emptyLines({ files, ready }: Conditions, paint: WatchPaint): readonly Line[] {
  if (!ready) return [[{ text: "Reading what is there …", paint: paint.quiet }]];
  const places = files.map(
    ({ path, condition }): Line => [
      { text: `  ${escapeUnsafe(path)}` },
      ...("reason" in condition
        ? [{ text: `  ${escapeUnsafe(condition.reason)}`, paint: paint.quiet }]
        : []),
    ],
  );
  return [
    [{ text: "Nothing has arrived yet." }],
    [],
    [{ text: "Start Claude Code with telemetry on. Its Collector is expected to write to" }],
    ...places,
  ];
}
