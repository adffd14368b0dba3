import type { TextEvents, TextFault } from "./document-text.ts";
import { createValueBuilder } from "./json-builder.ts";
import type { Signal } from "./protobuf.ts";

/** An entry of `resourceLogs` and its like, or of `scopeLogs` and its like. */
export type EntryLevel = "resource" | "scope";

/** Why something of a document was not taken. */
export type WalkFault = TextFault | "too-large" | "wrong-type" | "unknown-field";

/** What a pass over a document does with what it finds. */
export interface Pass {
  /** Whether the fields beside the records are to be assembled. */
  readonly wantsFields: boolean;
  /** Whether the records are. */
  wantsElements(): boolean;
  begin(level: EntryLevel): void;
  /** A field of the entry that was begun last; `fault` where its value was not to be had. */
  field(level: EntryLevel, name: string, value: unknown, fault: WalkFault | undefined): void;
  end(level: EntryLevel, state: "whole" | "torn"): void;
  element(found: FoundElement): void;
  problem(found: FoundProblem): void;
}

/** One log record, metric or span as JSON. */
export interface FoundElement {
  readonly signal: Signal;
  readonly resourceIndex: number;
  readonly scopeIndex: number;
  readonly path: string;
  readonly offset: number;
  readonly element: unknown;
}

/** Something that was not taken, where it stood, and why. */
export interface FoundProblem {
  readonly offset: number;
  readonly path: string;
  readonly reason: WalkFault;
  readonly detail: string;
}

export interface WalkLimits {
  readonly maxElementBytes: number;
  readonly maxDepth: number;
}

/** Depths of the grammar: a request holds entries, these hold scopes, these hold records. */
const level = { top: 0, request: 1, entries: 2, entry: 3, scopes: 4, scope: 5, records: 6 } as const;

const requestKeys = new Map<string, Signal>([
  ["resourceLogs", "logs"],
  ["resource_logs", "logs"],
  ["resourceMetrics", "metrics"],
  ["resource_metrics", "metrics"],
  ["resourceSpans", "traces"],
  ["resource_spans", "traces"],
]);

const scopesKeys: Readonly<Record<Signal, readonly string[]>> = {
  logs: ["scopeLogs", "scope_logs"],
  metrics: ["scopeMetrics", "scope_metrics"],
  traces: ["scopeSpans", "scope_spans"],
};

const recordsKeys: Readonly<Record<Signal, readonly string[]>> = {
  logs: ["logRecords", "log_records"],
  metrics: ["metrics"],
  traces: ["spans"],
};

/** Makes the events that walk export requests and hand what they hold to a pass. */
export function createWalk(pass: Pass, limits: WalkLimits): TextEvents {
  const builder = createValueBuilder();
  let signal: Signal = "logs";
  /** Where in the grammar the text is; what is open below belongs to a value. */
  let at: number = level.top;
  let lists = 0;
  let mode: "walk" | "keep" | "skip" = "walk";
  let skipDepth = 0;
  let offset = 0;
  let itemOffset = 0;
  let brokenOffset = -1;
  const keys = ["", "", "", "", "", "", ""];
  const counts = [-1, -1, -1, -1, -1, -1, -1];
  let resourceIndex = -1;

  const path = (): string => {
    const request = Math.max(0, counts[level.top] ?? 0);
    const parts = lists > 0 || request > 0 ? [`[${request}]`] : [];
    for (let depth: number = level.request; depth <= at; depth += 1) {
      const isObject = depth % 2 === 1;
      parts.push(isObject ? (keys[depth] ?? "") : `[${counts[depth]}]`);
    }
    return parts.join(".").replaceAll(".[", "[").replace(/\.$/, "");
  };
  const problem = (reason: WalkFault, detail: string): void =>
    pass.problem({ offset: itemOffset, path: path(), reason, detail });

  const isContainerKey = (key: string): boolean => {
    switch (at) {
      case level.request:
        return requestKeys.has(key);
      case level.entry:
        return scopesKeys[signal].includes(key);
      default:
        return recordsKeys[signal].includes(key);
    }
  };
  const entryLevel = (): EntryLevel => (at === level.entry ? "resource" : "scope");

  /** What the value that comes here is. */
  const expected = (): "list" | "object" | "element" | "field" | "unknown" => {
    if (at === level.records) return "element";
    if (at % 2 === 0) return "object";
    if (isContainerKey(keys[at] ?? "")) return "list";
    return at === level.request ? "unknown" : "field";
  };

  const start = (next: "keep" | "skip"): void => {
    mode = next;
    skipDepth = 0;
  };
  const refuse = (reason: WalkFault, detail: string): void => {
    if (at > level.request && at % 2 === 1 && !isContainerKey(keys[at] ?? "")) {
      pass.field(entryLevel(), keys[at] ?? "", undefined, reason);
    }
    problem(reason, detail);
  };
  const finish = (value: unknown): void => {
    mode = "walk";
    if (at === level.records) {
      pass.element({
        signal,
        resourceIndex,
        scopeIndex: counts[level.scopes] ?? 0,
        path: path(),
        offset: itemOffset,
        element: value,
      });
    } else {
      pass.field(entryLevel(), keys[at] ?? "", value, undefined);
    }
  };
  /** Ends the value that is kept where it grows beyond a limit. */
  const bound = (): void => {
    if (mode !== "keep") {
      return;
    }
    const tooLarge = offset - itemOffset > limits.maxElementBytes;
    if (tooLarge || at + builder.depth() > limits.maxDepth) {
      skipDepth = builder.depth();
      builder.value();
      mode = "skip";
      refuse(
        tooLarge ? "too-large" : "too-deep",
        tooLarge
          ? `larger than ${limits.maxElementBytes} bytes`
          : `more than ${limits.maxDepth} containers within one another`,
      );
    }
  };

  /** Goes into a container of the grammar. */
  const enter = (): void => {
    at += 1;
    if (at % 2 === 0) {
      counts[at] = -1;
    } else {
      keys[at] = "";
      if (at === level.entry) {
        resourceIndex += 1;
      }
      if (at > level.request) {
        pass.begin(entryLevel());
      }
    }
  };
  const count = (): void => {
    if (at % 2 === 0) {
      counts[at] = (counts[at] ?? 0) + 1;
      itemOffset = offset;
    }
  };
  const leave = (state: "whole" | "torn"): void => {
    if (at === level.entry || at === level.scope) {
      pass.end(entryLevel(), state);
    }
    at -= 1;
  };
  const wants = (): boolean => (at === level.records ? pass.wantsElements() : pass.wantsFields);

  const openHere = (container: "object" | "array"): void => {
    if (at === level.top && container === "array") {
      lists += 1;
      return;
    }
    count();
    const expects = expected();
    if (expects === "unknown") {
      problem("unknown-field", "not a field of an export request");
      start("skip");
    } else if (expects === "list" || expects === "object") {
      if (container === (expects === "list" ? "array" : "object")) {
        const key = keys[level.request] ?? "";
        signal = at === level.request ? (requestKeys.get(key) ?? signal) : signal;
        enter();
        return;
      }
      problem("wrong-type", `${container} where ${article(expects)} belongs`);
      start("skip");
    } else if (expects === "element" && container === "array") {
      problem("wrong-type", "array where an object belongs");
      start("skip");
    } else {
      start(wants() ? "keep" : "skip");
    }
    openValue(container);
  };
  const openValue = (container: "object" | "array"): void => {
    if (mode === "skip") {
      skipDepth += 1;
    } else {
      builder.open(container);
      bound();
    }
  };

  return {
    at(position) {
      offset = position;
      bound();
    },
    isGlued: (key) => requestKeys.has(key) && !(mode === "walk" && at === level.request),
    keepsText: () => mode === "keep" || (mode === "walk" && at % 2 === 1),
    inList: () => lists > 0,
    open(container) {
      if (mode === "walk") {
        openHere(container);
      } else {
        openValue(container);
      }
    },
    close() {
      if (mode === "keep") {
        builder.close();
        if (builder.depth() === 0) {
          finish(builder.value());
        }
      } else if (mode === "skip") {
        skipDepth -= 1;
        mode = skipDepth === 0 ? "walk" : "skip";
      } else if (at === level.top) {
        lists -= 1;
      } else {
        leave("whole");
      }
    },
    key(name) {
      if (mode === "keep") {
        builder.key(name);
      } else if (mode === "walk") {
        keys[at] = name;
        itemOffset = offset;
      }
    },
    scalar(value) {
      if (mode === "keep") {
        builder.scalar(value);
      } else if (mode === "walk") {
        scalarHere(value);
      }
    },
    broken(fault, detail) {
      builder.value();
      mode = "walk";
      itemOffset = offset;
      if (offset !== brokenOffset) {
        problem(fault, detail);
      }
      brokenOffset = offset;
      while (at > level.top) {
        leave("torn");
      }
      lists = 0;
    },
  };

  function scalarHere(value: unknown): void {
    count();
    const expects = expected();
    if (expects === "field") {
      finish(value);
    } else if (expects === "unknown") {
      problem("unknown-field", "not a field of an export request");
    } else if (value !== null || expects !== "list") {
      // A list that is null is one that is not there.
      problem("wrong-type", `${typeOf(value)} where ${article(expects)} belongs`);
    }
  }
}

const article = (expects: "list" | "object" | "element"): string =>
  expects === "list" ? "a list" : "an object";

const typeOf = (value: unknown): string => (value === null ? "null" : typeof value);
