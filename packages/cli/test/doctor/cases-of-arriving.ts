import type { DoctorFacts, StoreFacts } from "../../src/doctor/facts.ts";
import type { Case } from "./case.ts";
import { NOW, store } from "./facts.ts";

const file = (changes: object = {}) => ({
  path: "/d/otlp/telemetry.jsonl",
  sizeBytes: 10,
  writtenAt: NOW - 3_600_000,
  readable: true,
  open: false,
  ...changes,
});
const folder = (changes: object = {}): DoctorFacts["folder"] => ({
  path: "/d/otlp",
  fault: undefined,
  files: [],
  ...changes,
});
const read = (state: string, lagBytes?: number) => ({
  stored: { path: "/t/a.jsonl" },
  now: { state, lagBytes, sizeBytes: undefined, reason: "a reason" },
});
const cause = (name: string, versions = ["2.1.329"]) => ({
  store: store({ causes: [{ cause: name, sessions: 2, tokens: 1500, session: "s-1", versions }] }),
});

/** A database that can be read, in this condition. */
function inCondition(condition: "read-only" | "disk nearly full" | "disk full"): StoreFacts {
  const read = store();
  if (read.kind !== "read") return read;
  const { status } = read;
  return { ...read, status: { ...status, database: { ...status.database, condition } } };
}

/** What can be wrong from the receiver on. */
export const casesOfArriving: readonly Case[] = [
  [
    "a folder nobody may write to",
    { folder: folder({ fault: "/d/otlp may not be written to by this user" }) },
    "permissions",
    "failure",
    /may not be written/,
  ],
  [
    "a folder that cannot be opened",
    { folder: folder({ fault: "/d/otlp cannot be looked at (EACCES)" }) },
    "permissions",
    "failure",
    /cannot be looked at/,
  ],
  [
    "a file in place of the folder",
    { folder: folder({ fault: "/d/otlp is not a folder" }) },
    "permissions",
    "failure",
    /is not a folder/,
  ],
  [
    "a file of another user",
    { folder: folder({ files: [file({ readable: false })] }) },
    "permissions",
    "failure",
    /may not be read/,
    /compose file/,
  ],
  [
    "a file open to all",
    { folder: folder({ files: [file({ open: true })] }) },
    "permissions",
    "warning",
    /others may read/,
    /chmod 700/,
  ],
  ["a clock of 1970", { now: 0 }, "clock", "failure", /says 1970-01-01/],
  [
    "records of the future",
    { store: store({}, [], { early: 0, late: 3 }) },
    "clock",
    "warning",
    /3 records say they were made later than now/,
    /Set the clock/,
  ],
  [
    "a record of 1970",
    { store: store({}, [], { early: 1, late: 0 }) },
    "clock",
    "warning",
    /1 record says it was made before 2020/,
    /timeUnixNano.*time < '2020-01-01'/,
  ],
  [
    "files of the future",
    { folder: folder({ files: [file({ writtenAt: NOW + 7_200_000 })] }) },
    "clock",
    "warning",
    /2h/,
  ],
  [
    "no database yet",
    { store: { kind: "missing", path: "/d/t.duckdb" } },
    "database",
    "note",
    /no database yet/,
  ],
  [
    "a locked database",
    {
      store: {
        kind: "failed",
        message: "The database /d/t.duckdb is held by another program.",
        hint: "Wait.",
      },
    },
    "database",
    "failure",
    /is held by/,
    /Wait/,
  ],
  ...(
    [
      ["read-only", "warning", /read-only/, /writable/],
      ["disk nearly full", "warning", /nearly full/, /Make room/],
      ["disk full", "failure", /is full/, /Make room/],
    ] as const
  ).map(
    ([condition, level, words, fix]): Case => [
      `a database that is ${condition}`,
      { store: inCondition(condition) },
      "database",
      level,
      words,
      fix,
    ],
  ),
  [
    "a file behind",
    { store: store({}, [read("behind", 2048)]) },
    "files",
    "note",
    /^2.* of .* not imported yet/,
    /cctelemetry import "\/t\/a.jsonl"/,
  ],
  [
    "another file",
    { store: store({}, [read("another file")]) },
    "files",
    "warning",
    /replaced after it was read/,
  ],
  [
    "an unreadable file",
    { store: store({}, [read("unreadable")]) },
    "files",
    "failure",
    /cannot be read: a reason/,
  ],
  [
    "a file never read",
    { folder: folder({ files: [file()] }) },
    "files",
    "warning",
    /was never read/,
    /cctelemetry import "\/d\/otlp"/,
  ],
  [
    "nothing yet",
    { store: store({ lastTime: undefined }), lastTranscript: undefined },
    "arriving",
    "note",
    /no telemetry has arrived yet/,
  ],
  [
    "Claude ran and sent nothing",
    { store: store({ lastTime: undefined }) },
    "arriving",
    "warning",
    /sent no telemetry/,
    /Restart claude/,
  ],
  [
    "nothing but marks of stages",
    {
      store: store({ lastTime: undefined }),
      folder: folder({ files: [file({ path: "/d/otlp/stages.jsonl", writtenAt: NOW })] }),
    },
    "arriving",
    "warning",
    /sent no telemetry/,
  ],
  [
    "rejected lines",
    { store: store({ rejectedLines: 1 }) },
    "rejected",
    "warning",
    /1 line was rejected/,
    /rejected_lines/,
  ],
  ["no claude", { claude: undefined }, "version", "note", /no claude was found/],
  [
    "an old claude",
    { claude: { path: "/c", version: "2.0.76" } },
    "version",
    "warning",
    /2\.0\.76 has known defects[\s\S]*totals are too low/,
    /claude update/,
  ],
  [
    "an old version seen",
    { store: store({ versions: [{ version: "2.1.130", sessions: 1 }] }) },
    "version",
    "note",
    /^1 release of Claude Code with known defects/,
  ],
  [
    "killed before metrics",
    cause("no metrics"),
    "coverage",
    "warning",
    /2 sessions: no metrics, 1.5k tokens apart[\s\S]*killed/,
  ],
  [
    "metrics without events",
    cause("no events"),
    "coverage",
    "warning",
    /no request, stage or tool/,
  ],
  [
    "events lost",
    cause("events lost"),
    "coverage",
    "warning",
    /receiver was down/,
    /collect --background/,
  ],
  [
    "metrics late",
    cause("metrics late or lost"),
    "coverage",
    "note",
    /was killed/,
    /report coverage --session s-1/,
  ],
  ["a broken attempt", cause("broken attempt"), "coverage", "note", /The cost is right/],
  [
    "requests without usage",
    cause("requests without usage", ["2.0.76"]),
    "coverage",
    "warning",
    /Claude Code 2\.0\.76 reports/,
  ],
  [
    "requests without a price",
    cause("requests without a price"),
    "coverage",
    "warning",
    /too little money/,
    /list_costs/,
  ],
  ["costs that differ", cause("costs differ"), "coverage", "warning", /at different costs/],
  ["no metric of cost", cause("metrics without cost"), "coverage", "note", /claude_code\.cost/],
  ["a cause to come", cause("something new"), "coverage", "warning", /something new/],
  ["suspected repeats", cause("suspected repeats"), "coverage", "warning", /may be too high/],
  ["unclear metrics", cause("metrics of unclear kind"), "coverage", "warning", /at least/],
  ["ids on one side", cause("other events count"), "coverage", "note", /lack session or user ids/],
  [
    "requests by two routes",
    { store: store({ repeats: { requests: 2, records: 3, differsIn: ["resource host.name"] } }) },
    "repeats",
    "note",
    /differ in resource host\.name/,
    /repeated_requests/,
  ],
  [
    "silent sessions",
    { store: store({ silentSessions: 1 }) },
    "gaps",
    "warning",
    /1 session ran tools/,
  ],
  [
    "permission mode auto",
    { store: store({ autoSessions: 2 }) },
    "gaps",
    "note",
    /permission mode auto/,
  ],
  [
    "other services",
    { store: store({ otherServices: ["next-server"] }) },
    "gaps",
    "note",
    /next-server/,
  ],
];
