/** A stage of a session that began and did not end yet. */
export interface OpenStage {
  readonly stage: string;
  readonly task: string | undefined;
  readonly agent: string | undefined;
}

/** What is open in a session by the lines of marks, in the order it began. */
export function openStages(text: string, session: string): readonly OpenStage[] {
  let open: OpenStage[] = [];
  for (const mark of text.split("\n").flatMap(marksOf)) {
    if (mark.get("session.id") !== session) continue;
    const [stage, task, agent] = [mark.get("stage"), mark.get("task_id"), mark.get("agent")];
    if (mark.get("action") === "end") {
      open = open.filter(
        (each) =>
          (stage !== undefined && stage !== each.stage) ||
          (task !== undefined && task !== each.task) ||
          (agent !== undefined && agent !== each.agent),
      );
    }
    if (mark.get("action") === "start" && stage !== undefined) open.push({ stage, task, agent });
  }
  return open;
}

interface MarkLine {
  readonly resourceLogs?: readonly {
    readonly scopeLogs?: readonly {
      readonly logRecords?: readonly {
        readonly attributes?: readonly {
          readonly key: string;
          readonly value?: { readonly stringValue?: string };
        }[];
      }[];
    }[];
  }[];
}

/** The attributes of each record of a line; none of a line that is no whole one. */
function marksOf(line: string): readonly ReadonlyMap<string, string>[] {
  let parsed: MarkLine;
  try {
    parsed = JSON.parse(line) as MarkLine;
  } catch {
    return [];
  }
  const scopes = (parsed.resourceLogs ?? []).flatMap(({ scopeLogs }) => scopeLogs ?? []);
  return scopes
    .flatMap(({ logRecords }) => logRecords ?? [])
    .map(
      ({ attributes }) =>
        new Map((attributes ?? []).map(({ key, value }) => [key, value?.stringValue ?? ""])),
    );
}
