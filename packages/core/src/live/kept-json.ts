/** An integer that a double may not hold, as it stands in JSON: no text of telemetry looks so. */
interface WrittenInteger {
  readonly int: string;
}

/** A value as JSON, with its integers exact. */
export function keptJson(value: unknown): string {
  return JSON.stringify(value, (_name, each: unknown) =>
    typeof each === "bigint" ? ({ int: String(each) } satisfies WrittenInteger) : each,
  );
}

/** What `keptJson` wrote. Throws a SyntaxError where the text is none of it. */
export function parseKept(json: string): unknown {
  return JSON.parse(json, (_name, each: unknown) =>
    isWrittenInteger(each) ? BigInt(each.int) : each,
  );
}

function isWrittenInteger(value: unknown): value is WrittenInteger {
  return typeof value === "object" && value !== null && "int" in value;
}
