import { createValueBuilder, type ValueBuilder } from "../json/builder.ts";
import type { Signal } from "../protobuf/protobuf.ts";
import { levels, recordsKeys, requestKeys, scopesKeys } from "./grammar.ts";
import type { EntryLevel, Pass, Place } from "./pass.ts";
import type { TextEvents, TextFault } from "./text.ts";

/** What bounds the values. */
export interface WalkLimits {
  readonly maxElementBytes: number;
  readonly maxDepth: number;
}

/** Makes the events that walk export requests and hand what they hold to a pass. */
export function createWalk(pass: Pass, limits: WalkLimits): TextEvents {
  const walk: Walk = { pass, limits, builder: createValueBuilder(), ...beginning() };
  return {
    at: (offset) => {
      walk.offset = offset;
      bound(walk);
    },
    isGlued: (key) =>
      requestKeys.has(key) && !(walk.mode === "walk" && walk.level === levels.request),
    keepsText: () =>
      walk.mode === "keep" || (walk.mode === "walk" && pass.wantsFields && isObject(walk)),
    inList: () => walk.lists > 0,
    open: (container) =>
      walk.mode === "walk" ? openHere(walk, container) : deepen(walk, container),
    close: () => close(walk),
    key: (name) => key(walk, name),
    scalar: (value) => scalar(walk, value),
    broken: (fault, detail) => broken(walk, fault, detail),
  };
}

interface Walk {
  readonly pass: Pass;
  readonly limits: WalkLimits;
  readonly builder: ValueBuilder;
  signal: Signal;
  /** How deep in the grammar the text is; what is open below belongs to a value. */
  level: number;
  /** Lists of requests that are open. */
  lists: number;
  mode: "walk" | "keep" | "skip";
  skipDepth: number;
  offset: number;
  /** Where the field or element begins that is being read. */
  itemOffset: number;
  brokenOffset: number;
  resourceIndex: number;
  /** The key read last at each object level, the number of elements at each list level. */
  readonly keys: string[];
  readonly counts: number[];
}

const beginning = (): Omit<Walk, "pass" | "limits" | "builder"> => ({
  signal: "logs",
  level: levels.top,
  lists: 0,
  mode: "walk",
  skipDepth: 0,
  offset: 0,
  itemOffset: 0,
  brokenOffset: -1,
  resourceIndex: -1,
  keys: ["", "", "", "", "", "", ""],
  counts: [0, 0, 0, 0, 0, 0, 0],
});

const isObject = ({ level }: Walk): boolean => level % 2 === 1;
const keyHere = ({ keys, level }: Walk): string => keys[level] ?? "";
const entryLevel = ({ level }: Walk): EntryLevel => (level === levels.entry ? "resource" : "scope");
const indexAt = ({ counts }: Walk, level: number): number => Math.max(0, (counts[level] ?? 0) - 1);

/** Names in a path are cut at this many characters. */
const maxNameLength = 100;

function place(walk: Walk): Place {
  const request = indexAt(walk, levels.top);
  let path = walk.lists > 0 || request > 0 ? `[${request}]` : "";
  for (let level: number = levels.request; level <= walk.level; level += 1) {
    if (level % 2 === 0) {
      path += (walk.counts[level] ?? 0) === 0 ? "" : `[${indexAt(walk, level)}]`;
    } else {
      const name = (walk.keys[level] ?? "").slice(0, maxNameLength);
      path += name === "" || path === "" ? name : `.${name}`;
    }
  }
  return { offset: walk.itemOffset, path };
}

/** What the value that comes here should be. */
function expected(walk: Walk): "list" | "object" | "element" | "field" | "unknown" {
  if (walk.level === levels.records) return "element";
  if (!isObject(walk)) return "object";
  if (isListKey(walk)) return "list";
  return walk.level === levels.request ? "unknown" : "field";
}

function isListKey(walk: Walk): boolean {
  const key = keyHere(walk);
  if (walk.level === levels.request) return requestKeys.has(key);
  const names = walk.level === levels.entry ? scopesKeys : recordsKeys;
  return names[walk.signal].includes(key);
}

function openHere(walk: Walk, container: "object" | "array"): void {
  if (walk.level === levels.top && container === "array") {
    walk.lists += 1;
    return;
  }
  count(walk);
  const expects = expected(walk);
  const wanted = expects === "list" ? "array" : "object";
  if (expects === "field") {
    walk.mode = walk.pass.wantsFields ? "keep" : "skip";
  } else if (expects === "unknown" || container !== wanted) {
    complain(walk, expects, container);
    walk.mode = "skip";
  } else if (expects === "element") {
    walk.mode = walk.pass.wantsElement(() => place(walk)) ? "keep" : "skip";
  } else {
    enter(walk);
    return;
  }
  deepen(walk, container);
}

/** Counts an element of the list that is open. */
function count(walk: Walk): void {
  if (!isObject(walk)) {
    walk.counts[walk.level] = (walk.counts[walk.level] ?? 0) + 1;
    walk.itemOffset = walk.offset;
  }
}

function enter(walk: Walk): void {
  walk.signal = requestKeys.get(walk.keys[levels.request] ?? "") ?? walk.signal;
  walk.level += 1;
  walk.counts[walk.level] = 0;
  walk.keys[walk.level] = "";
  if (isObject(walk) && walk.level !== levels.request) {
    walk.resourceIndex += walk.level === levels.entry ? 1 : 0;
    walk.pass.begin(entryLevel(walk));
  }
}

function leave(walk: Walk, state: "whole" | "torn"): void {
  if (isObject(walk) && walk.level !== levels.request) {
    walk.pass.end(entryLevel(walk), state);
  }
  walk.level -= 1;
}

/** Opens a container of a value. */
function deepen(walk: Walk, container: "object" | "array"): void {
  if (walk.mode === "keep") {
    walk.builder.open(container);
    bound(walk);
  } else {
    walk.skipDepth += 1;
  }
}

function close(walk: Walk): void {
  if (walk.mode === "keep") {
    walk.builder.close();
    if (walk.builder.depth() === 0) {
      walk.mode = "walk";
      take(walk, walk.builder.value());
    }
  } else if (walk.mode === "skip") {
    walk.skipDepth -= 1;
    walk.mode = walk.skipDepth === 0 ? "walk" : "skip";
  } else if (walk.level === levels.top) {
    walk.lists -= 1;
  } else {
    leave(walk, "whole");
  }
}

function key(walk: Walk, name: string): void {
  if (walk.mode === "keep") {
    walk.builder.key(name);
  } else if (walk.mode === "walk") {
    walk.keys[walk.level] = name;
    walk.itemOffset = walk.offset;
  }
}

function scalar(walk: Walk, value: unknown): void {
  if (walk.mode === "keep") {
    walk.builder.scalar(value);
    return;
  }
  if (walk.mode === "skip") {
    return;
  }
  count(walk);
  const expects = expected(walk);
  if (expects === "field") {
    if (isTooLarge(walk)) {
      refuse(walk, "too-large");
    } else {
      take(walk, value);
    }
  } else if (value !== null || expects !== "list") {
    // A list that is null is one that is not there.
    complain(walk, expects, value === null ? "null" : typeof value);
  }
}

/** Hands on a field or an element. */
function take(walk: Walk, value: unknown): void {
  if (walk.level === levels.records) {
    const { signal, resourceIndex } = walk;
    const scopeIndex = indexAt(walk, levels.scopes);
    walk.pass.element({ signal, resourceIndex, scopeIndex, ...place(walk), element: value });
  } else {
    walk.pass.field(entryLevel(walk), keyHere(walk), value);
  }
}

function complain(walk: Walk, expects: ReturnType<typeof expected>, found: string): void {
  const unknown = expects === "unknown";
  walk.pass.problem({
    ...place(walk),
    reason: unknown ? "unknown-field" : "wrong-type",
    detail: unknown
      ? "not a field of an export request"
      : `${found} where an ${expects === "list" ? "array" : "object"} belongs`,
  });
}

/** Gives up the value that is kept where it grows over a limit. */
function bound(walk: Walk): void {
  if (walk.mode !== "keep") {
    return;
  }
  const { builder, limits } = walk;
  const tooDeep = walk.level + builder.depth() > limits.maxDepth;
  if (tooDeep || isTooLarge(walk)) {
    walk.skipDepth = builder.depth();
    builder.value();
    walk.mode = "skip";
    refuse(walk, tooDeep ? "too-deep" : "too-large");
  }
}

const isTooLarge = ({ offset, itemOffset, limits }: Walk): boolean =>
  offset - itemOffset > limits.maxElementBytes;

function refuse(walk: Walk, reason: "too-deep" | "too-large"): void {
  const { maxDepth, maxElementBytes } = walk.limits;
  const detail =
    reason === "too-deep"
      ? `more than ${maxDepth} containers within one another`
      : `larger than ${maxElementBytes} bytes`;
  const problem = { ...place(walk), reason, detail };
  if (walk.level === levels.records) {
    walk.pass.refused(problem);
  } else {
    walk.pass.refused(problem, { level: entryLevel(walk), name: keyHere(walk) });
  }
}

/** Ends all that is open, since the text does. One piece of text is one problem. */
function broken(walk: Walk, reason: TextFault, detail: string): void {
  walk.builder.value();
  walk.mode = "walk";
  walk.skipDepth = 0;
  if (walk.offset !== walk.brokenOffset) {
    walk.pass.problem({ ...place(walk), offset: walk.offset, reason, detail });
    walk.brokenOffset = walk.offset;
  }
  while (walk.level > levels.top) {
    leave(walk, "torn");
  }
  walk.lists = 0;
}
