/**
 * Which part of a session used something: its main thread, a subagent, a helper such as compaction;
 * unknown where the record does not say, as those of many releases do not.
 */
export type SourceKind = "main" | "subagent" | "auxiliary" | "unknown";

const kinds: ReadonlySet<string> = new Set<SourceKind>([
  "main",
  "subagent",
  "auxiliary",
  "unknown",
]);

/** What the attribute query_source means, as events name the source (sdk, agent:…) or as metrics do. */
export function sourceKind(querySource: string | undefined): SourceKind {
  const source = querySource?.trim() ?? "";
  if (source === "") return "unknown";
  if (isKind(source)) return source;
  if (source === "sdk" || source.startsWith("repl_main_thread")) return "main";
  if (source.startsWith("agent:") || source === "hook_agent") return "subagent";
  return "auxiliary";
}

/** The kind of this name, as it is stored. */
export function sourceKindNamed(name: string | undefined): SourceKind {
  return name !== undefined && isKind(name) ? name : "unknown";
}

function isKind(text: string): text is SourceKind {
  return kinds.has(text);
}
