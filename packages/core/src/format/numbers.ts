/** Shown where there is no value. */
export const MISSING = "–";

const STEPS = [
  { from: 1e12, suffix: "T" },
  { from: 1e9, suffix: "B" },
  { from: 1e6, suffix: "M" },
  { from: 1e3, suffix: "k" },
] as const;

/** A count, short: `373`, `1.9k`, `182k`, `1.24M`, `12.3M`, `1.2B`. */
export function compactCount(value: number): string {
  const size = Math.abs(value);
  if (!Number.isFinite(value)) return String(value);
  // 999.5 of a step is already 1 of the next.
  const step = STEPS.find((candidate) => size >= candidate.from * 0.9995);
  if (step === undefined) return trimZeros(value.toFixed(Number.isInteger(value) ? 0 : 2));
  const scaled = value / step.from;
  return trimZeros(scaled.toFixed(stepDecimals(Math.abs(scaled), step.suffix))) + step.suffix;
}

/** A count with its noun: `1 request`, `1.2k requests`; `show` gives the count its digits. */
export function counted(
  count: number,
  noun: string,
  show: (count: number) => string = String,
): string {
  return `${show(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/**
 * An amount of US dollars: `$12.30`, `$0.14`, `$0.017`, `$1,234`.
 * `decimals` makes the amounts of a column alike (see `usdDecimals`).
 */
export function compactUsd(value: number, decimals = singleUsdDecimals(Math.abs(value))): string {
  if (!Number.isFinite(value)) return String(value);
  const sign = value < 0 ? "-" : "";
  const size = Math.abs(value);
  if (size === 0) return `$${(0).toFixed(Math.min(decimals, 2))}`;
  const least = 10 ** -decimals;
  if (size < least / 2) return `${sign}<$${least.toFixed(decimals)}`;
  return `${sign}$${groupThousands(size.toFixed(decimals))}`;
}

/**
 * What something cost, as far as that is known: `$0.49`; `≥ $0.49` with requests that have no price,
 * a dash without any that has one. `show` gives an amount its digits.
 */
export function costText(
  usd: number | undefined,
  unpricedRequests: number,
  show: (usd: number) => string = compactUsd,
): string {
  if (usd === undefined) return MISSING;
  if (unpricedRequests === 0) return show(usd);
  // An amount too small for its digits would be both bounds at once.
  const text = [show(usd), compactUsd(usd)].find((each) => !each.includes("<"));
  return text === undefined ? "> $0" : `≥ ${text}`;
}

/** How fast is spent, as the live state knows it. */
interface Rate {
  readonly usdPerMinute: number | null | undefined;
  readonly unpricedRequests: number;
}

/** What a rate comes to in an hour: `$0.36/h`, or `≥ $0.36/h` like `costText`; empty where nothing is spent. */
export function hourlyText(
  { usdPerMinute, unpricedRequests }: Rate,
  show: (usd: number) => string = compactUsd,
): string {
  const usd = (usdPerMinute ?? 0) * 60;
  return usd === 0 ? "" : `${costText(usd, unpricedRequests, show)}/h`;
}

/** How many decimals the amounts of a column need, given its largest. */
export function usdDecimals(largest: number): number {
  if (largest >= 10_000) return 0;
  if (largest >= 1) return 2;
  return largest >= 0.01 ? 3 : 4;
}

/** A length of time: `850 ms`, `1.2 s`, `41 s`, `4m 12s`, `3h 04m`, `2d 3h`. */
export function compactDuration(milliseconds: number): string {
  if (!Number.isFinite(milliseconds)) return String(milliseconds);
  if (milliseconds < 0) return `-${compactDuration(-milliseconds)}`;
  if (milliseconds === 0) return "0 s";
  if (milliseconds < 999.5)
    return `${trimZeros(milliseconds.toFixed(milliseconds < 10 ? 1 : 0))} ms`;
  if (milliseconds < 9_950) return `${(milliseconds / 1000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m ${pad2(seconds % 60)}s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)}h ${pad2(minutes % 60)}m`;
  const hours = Math.round(minutes / 60);
  return `${groupThousands(String(Math.floor(hours / 24)))}d ${hours % 24}h`;
}

/** A share of one: `93 %`; `<1 %` and `>99 %` where rounding would say nothing or all. */
export function compactRatio(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (value > 0 && value < 0.005) return "<1 %";
  if (value < 1 && value >= 0.995) return ">99 %";
  return `${Math.round(value * 100)} %`;
}

/** A size in bytes: `512 B`, `4.2 kB`, `181 MB`. */
export function compactBytes(bytes: number): string {
  const step = (["GB", "MB", "kB"] as const).find(
    (_, index) => bytes >= 1000 ** (3 - index) * 0.9995,
  );
  if (step === undefined) return `${bytes} B`;
  const scaled = bytes / 1000 ** (["kB", "MB", "GB"].indexOf(step) + 1);
  return `${trimZeros(scaled.toFixed(scaled < 9.95 ? 1 : 0))} ${step}`;
}

/** Digits of a decimal number with a comma between thousands. */
function groupThousands(digits: string): string {
  const [whole = "", fraction] = digits.split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** `1.90` → `1.9`, `2.0` → `2`, `100` stays. */
export function trimZeros(digits: string): string {
  return digits.includes(".") ? digits.replace(/\.?0+$/, "") : digits;
}

function stepDecimals(scaled: number, suffix: string): number {
  if (suffix === "k") return scaled < 9.95 ? 1 : 0;
  if (scaled < 9.995) return 2;
  return scaled < 99.95 ? 1 : 0;
}

function singleUsdDecimals(size: number): number {
  if (size >= 10_000) return 0;
  if (size >= 0.1) return 2;
  return size >= 0.01 ? 3 : 4;
}

function pad2(value: number): string {
  return String(value).padStart(2, "0");
}
