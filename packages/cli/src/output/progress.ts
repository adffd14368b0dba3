import {
  compactBytes,
  compactCount,
  compactDuration,
  ellipsize,
  escapeUnsafe,
  type ImportProgress,
} from "@cctelemetry/core";
import { type Options, SingleBar } from "cli-progress";
import type { Clock, Environment, Outputs } from "../process/context.ts";

/** Work that takes less is over before anybody would read a bar. */
const QUIET_MS = 1_000;
const BAR_WIDTH = 20;

/** A bar on standard error. */
export interface Progress {
  readonly update: (progress: ImportProgress) => void;
  readonly end: () => void;
}

const noProgress: Progress = { update: () => undefined, end: () => undefined };

/** Shows how far an import is, once it takes over a second; nothing where standard error is no terminal. */
export function showProgress({ stderr, env, now }: Outputs & Environment & Clock): Progress {
  if (!stderr.isTTY || env["TERM"] === "dumb") return noProgress;
  const started = now();
  let bar: SingleBar | undefined;
  return {
    update: (progress) => {
      const elapsedMs = now() - started;
      if (elapsedMs < QUIET_MS) return;
      const line = progressLine(progress, elapsedMs, stderr.columns ?? 80);
      if (bar === undefined) {
        bar = new SingleBar(barOptions);
        bar.start(progress.bytesTotal ?? 0, progress.bytesRead, { line });
      } else {
        bar.update(progress.bytesRead, { line });
      }
    },
    end: () => bar?.stop(),
  };
}

const barOptions: Options = {
  stream: process.stderr,
  clearOnComplete: true,
  hideCursor: false,
  linewrap: true,
  format: (_options: Options, _params: unknown, payload: { readonly line: string }) => payload.line,
};

/** `63 % ▇▇▇▇▇▇▇▇▏  640 MB of 1 GB  52 MB/s  7 s left  claude-code.jsonl` */
export function progressLine(
  { path, bytesRead, bytesTotal, records }: ImportProgress,
  elapsedMs: number,
  width: number,
): string {
  const rate = bytesRead / (elapsedMs / 1000);
  const speed = `${compactBytes(Math.round(rate))}/s  ${compactCount(records)} records`;
  const name = escapeUnsafe(path);
  if (bytesTotal === undefined || bytesTotal === 0) {
    return ellipsize(`${compactBytes(bytesRead)}  ${speed}  ${name}`, width - 1);
  }
  const part = Math.min(1, bytesRead / bytesTotal);
  const left =
    rate > 0 ? `  ${compactDuration(((bytesTotal - bytesRead) / rate) * 1000)} left` : "";
  const bar = "▇".repeat(Math.round(part * BAR_WIDTH)).padEnd(BAR_WIDTH, "▁");
  const percent = `${Math.floor(part * 100)}`.padStart(3);
  const read = `${compactBytes(bytesRead)} of ${compactBytes(bytesTotal)}`;
  return ellipsize(`${percent} % ${bar}  ${read}  ${speed}${left}  ${name}`, width - 1);
}
