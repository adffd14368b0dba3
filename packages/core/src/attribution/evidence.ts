import { openAt, type StageSpan, stageSpans } from "./open-stages.ts";
import type { StageMark } from "./stage-marks.ts";
import { AMBIGUOUS, type Found, together } from "./tags.ts";

/** What has to be known of a record to find its stage; times in microseconds. */
export interface Subject {
  /** When it began; of a subagent's run, when its first request began. */
  readonly since: number;
  /** Later than `since` only for what was measured in between. */
  readonly until: number;
  readonly promptId?: string | undefined;
  readonly agentId?: string | undefined;
  /** Type of the subagent. */
  readonly agentName?: string | undefined;
  readonly traceId?: string | undefined;
  readonly spanId?: string | undefined;
}

/** A day, milliseconds: a duration beyond it is not believed. */
const MOST_DURATION_MS = 86_400_000;

/** When something began that ended at a time and took some milliseconds; microseconds. */
export function began(ended: number, durationMs: bigint | undefined): number {
  const duration = Number(durationMs ?? 0n);
  return ended - 1000 * Math.max(0, Math.min(duration, MOST_DURATION_MS));
}

/**
 * What is known of the stages of one session beside the tags of its records. It depends on what
 * the marks say and not on the order they came in.
 */
export class Evidence {
  private readonly whole: Found | undefined;
  private readonly spans: readonly StageSpan[];
  /** Times from which on another set of stages is open, in order. */
  private readonly edges: readonly number[];
  private readonly subagents: ReadonlyMap<string, Found | undefined>;
  private readonly prompts: readonly Prompt[];
  private readonly traces: ReadonlyMap<string, Found>;

  /** @param traces what spans of an orchestrator say, by trace and by `trace:span` */
  constructor(marks: readonly StageMark[], traces: ReadonlyMap<string, Found> = new Map()) {
    this.whole = together("session_map", tagsOf(marks, "session"));
    this.spans = stageSpans(marks);
    const edges = this.spans.flatMap(({ since, until }) =>
      until === undefined ? [since] : [since, until],
    );
    this.edges = [...new Set(edges)].sort((a, b) => a - b);
    this.subagents = byKey(marks, "subagent", ({ agentId }) => agentId);
    this.prompts = promptsOf(marks);
    this.traces = traces;
  }

  /**
   * The stage of a record without a tag of its own: by the map of its session, a mark, a hook, a
   * trace or the type of its subagent, in this order. Undefined where nothing names one.
   */
  find(subject: Subject): Found | undefined {
    const { promptId, agentId, traceId, spanId, until } = subject;
    const prompts = this.prompts.filter(({ time }) => time <= until);
    return (
      this.whole ??
      this.marked(subject) ??
      entryOf(this.subagents, agentId) ??
      this.prompts.find(({ id }) => id !== undefined && id === promptId)?.found ??
      prompts.at(-1)?.found ??
      entryOf(this.traces, traceId && spanId && `${traceId}:${spanId}`) ??
      entryOf(this.traces, traceId) ??
      byAgent(subject.agentName)
    );
  }

  /**
   * By the stages that were open. It is ambiguous where they changed while something was measured,
   * and where several are open side by side, unless one of them was given to the very agent.
   */
  private marked({ since, until, agentId, agentName }: Subject): Found | undefined {
    const edge = this.edges.findLast((time) => time <= until);
    if (edge === undefined) return undefined;
    if (edge > since) return AMBIGUOUS;
    const open = openAt(this.spans, edge).map(({ tags }) => tags);
    const all = together("mark", open);
    if (all?.tags.stage !== undefined) return all;
    const agent = entryOf(this.subagents, agentId)?.tags.agent ?? agentName;
    const given = open.filter((tags) => agent !== undefined && tags.agent === agent);
    return together("mark", given) ?? all;
  }
}

/** What the type of a subagent says; nothing where Claude Code masks it. */
export function byAgent(agentName: string | undefined): Found | undefined {
  if (agentName === undefined || agentName === "" || agentName === "custom") return undefined;
  return { attribution: "agent", tags: { stage: agentName } };
}

/** What a hook said of one prompt. */
interface Prompt {
  readonly time: number;
  readonly id: string | undefined;
  readonly found: Found | undefined;
}

function promptsOf(marks: readonly StageMark[]): readonly Prompt[] {
  const groups = grouped(
    marks.filter(({ action }) => action === "prompt"),
    ({ promptId, time }) => promptId ?? time,
  );
  return [...groups.values()]
    .map((group) => ({
      time: Math.min(...group.map(({ time }) => time)),
      id: group[0]?.promptId,
      found: together(
        "hook",
        group.map(({ tags }) => tags),
      ),
    }))
    .sort((a, b) => a.time - b.time || compare(a.id, b.id));
}

function byKey(
  marks: readonly StageMark[],
  action: StageMark["action"],
  key: (mark: StageMark) => string | undefined,
): ReadonlyMap<string, Found | undefined> {
  const groups = grouped(
    marks.filter((mark) => mark.action === action && key(mark) !== undefined),
    (mark) => key(mark) ?? "",
  );
  return new Map(
    [...groups].map(([name, group]) => [
      name,
      together(
        "hook",
        group.map(({ tags }) => tags),
      ),
    ]),
  );
}

function tagsOf(marks: readonly StageMark[], action: StageMark["action"]) {
  return marks.filter((mark) => mark.action === action).map(({ tags }) => tags);
}

function grouped<K>(
  marks: readonly StageMark[],
  key: (mark: StageMark) => K,
): ReadonlyMap<K, readonly StageMark[]> {
  const groups = new Map<K, StageMark[]>();
  for (const mark of marks) {
    const group = groups.get(key(mark));
    if (group === undefined) groups.set(key(mark), [mark]);
    else group.push(mark);
  }
  return groups;
}

function entryOf<V>(map: ReadonlyMap<string, V>, key: string | undefined): V | undefined {
  return key === undefined ? undefined : map.get(key);
}

/** Nothing before any text. */
function compare(a: string | undefined, b: string | undefined): number {
  const [one, other] = [a ?? "", b ?? ""];
  return one < other ? -1 : one > other ? 1 : 0;
}
