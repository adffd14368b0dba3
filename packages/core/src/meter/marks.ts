import type { LiveSession } from "../live/snapshot.ts";

/** The event of a mark; its records tell what a stage is, not what was used. */
export const MARK_EVENT = "stage_mark";
/** More than a session has; the last ones tell what is open. */
const MOST_MARKS = 500;

/** A mark of one session, as far as it tells what runs now. */
export interface StageMark {
  /** Nanoseconds since 1970, as text. */
  readonly time: string;
  /** start and end of a stage; session: what all of the session is for. */
  readonly action: "start" | "end" | "session";
  readonly stage: string | undefined;
  readonly workflowId: string | undefined;
  readonly taskId: string | undefined;
  readonly agent: string | undefined;
}

type Labels = Pick<LiveSession, "stage" | "workflowId" | "taskId" | "agent">;

/** The marks of a session in a line of telemetry; none where it is no JSON of marks. */
export function marksIn(line: Buffer, sessionId: string): readonly StageMark[] {
  if (!line.includes(`"${MARK_EVENT}"`)) return [];
  let parsed: unknown;
  try {
    parsed = JSON.parse(line.toString("utf8"));
  } catch {
    return [];
  }
  const scopes = listsOf(listsOf([parsed], "resourceLogs"), "scopeLogs");
  return listsOf(scopes, "logRecords").flatMap((record) => markOf(record, sessionId) ?? []);
}

/** Marks with others, each once and in the order of their times. */
export function withMarks(
  known: readonly StageMark[],
  more: readonly StageMark[],
): readonly StageMark[] {
  if (more.length === 0) return known;
  const all = new Map([...known, ...more].map((mark) => [JSON.stringify(mark), mark]));
  const sorted = [...all.values()].sort((a, b) => order(a.time, b.time));
  return sorted.slice(-MOST_MARKS);
}

/** What marks tell of a session whose records carry no stage: of the whole session, or what is open. */
export function labelsOf(marks: readonly StageMark[]): Labels | undefined {
  const whole = marks.findLast(({ action, stage }) => action === "session" && stage !== undefined);
  if (whole !== undefined) return whole;
  let open: StageMark[] = [];
  for (const mark of marks) {
    if (mark.action === "start" && mark.stage !== undefined) open.push(mark);
    if (mark.action === "end") open = open.filter((each) => !ends(mark, each));
  }
  const last = open.at(-1);
  const names = [...new Set(open.map(({ stage }) => stage))];
  return last === undefined ? undefined : { ...last, stage: names.join(" + ") };
}

/** An end ends what agrees with all that it names. */
function ends(end: StageMark, start: StageMark): boolean {
  return (["stage", "workflowId", "taskId", "agent"] as const).every(
    (name) => end[name] === undefined || end[name] === start[name],
  );
}

function markOf(record: unknown, sessionId: string): StageMark | undefined {
  const values = new Map(
    listsOf([record], "attributes").flatMap((attribute) => {
      const [key, value] = [fieldOf(attribute, "key"), fieldOf(attribute, "value")];
      const text = fieldOf(value, "stringValue");
      return typeof key === "string" && typeof text === "string" ? [[key, text] as const] : [];
    }),
  );
  const action = values.get("action");
  const time = fieldOf(record, "timeUnixNano");
  if (values.get("event.name") !== MARK_EVENT || values.get("session.id") !== sessionId) return;
  if (action !== "start" && action !== "end" && action !== "session") return;
  return {
    time: String(time),
    action,
    stage: values.get("stage"),
    workflowId: values.get("workflow_id"),
    taskId: values.get("task_id"),
    agent: values.get("agent"),
  };
}

/** All items of the lists that objects have under a name. */
function listsOf(objects: readonly unknown[], name: string): readonly unknown[] {
  return objects.flatMap((object) => {
    const list = fieldOf(object, name);
    return Array.isArray(list) ? (list as readonly unknown[]) : [];
  });
}

function fieldOf(object: unknown, name: string): unknown {
  return typeof object === "object" && object !== null && Object.hasOwn(object, name)
    ? (object as Readonly<Record<string, unknown>>)[name]
    : undefined;
}

/** Times as texts of digits. */
function order(a: string, b: string): number {
  const [one, other] = [a.padStart(20, "0"), b.padStart(20, "0")];
  return one < other ? -1 : one > other ? 1 : 0;
}
