import type { Family, Labels } from "./family.ts";

/** The media type of `metricsText`. */
export const METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/**
 * Families in Prometheus' text format, version 0.0.4.
 * Source: https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function metricsText(families: readonly Family[]): string {
  return families
    .flatMap(({ name, type, help, scale, series }) => [
      `# HELP ${name} ${help.replace(/[\\\n]/g, escaped)}\n# TYPE ${name} ${type}\n`,
      // In a fixed order, so that two pages can be compared.
      ...series
        .map(({ labels, value }) => `${name}${labelsText(labels)} ${scaled(value, scale)}\n`)
        .sort(),
    ])
    .join("");
}

function labelsText(labels: Labels): string {
  const texts = Object.entries(labels).flatMap(([name, value]) =>
    value === null ? [] : [`${name}="${value.replace(/[\\\n"]/g, escaped)}"`],
  );
  return texts.length === 0 ? "" : `{${texts.join(",")}}`;
}

function escaped(character: string): string {
  return character === "\n" ? "\\n" : `\\${character}`;
}

/** The value as a double, which is what Prometheus stores: the whole part by itself, so that it is exact up to 2^53. */
function scaled(value: bigint, scale: number): string {
  const whole = value / BigInt(scale);
  return String(Number(whole) + Number(value % BigInt(scale)) / scale);
}
