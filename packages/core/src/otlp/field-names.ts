/** What a field was called before OTLP 0.15, when a scope was an instrumentation library. */
const earlierNames: Readonly<Record<string, string>> = {
  scopeLogs: "instrumentationLibraryLogs",
  scopeMetrics: "instrumentationLibraryMetrics",
  scopeSpans: "instrumentationLibrarySpans",
  scope: "instrumentationLibrary",
  logRecords: "logs",
};

/** All names of a field in JSON: in camelCase and snake_case, and those it had before. */
export function namesOfField(name: string): readonly string[] {
  const earlier = earlierNames[name];
  const names = earlier === undefined ? [name] : [name, earlier];
  return [...new Set(names.flatMap((each) => [each, snakeCase(each)]))];
}

/** The snake_case form of a field name. */
function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
