import { KnownError } from "@cctelemetry/core/light";
import {
  applyEdits,
  findNodeAtLocation,
  getNodeValue,
  type JSONPath,
  modify,
  type Node,
  type ParseError,
  parseTree,
} from "jsonc-parser";

/** One value to put at a path of keys; undefined takes the key away. */
export interface SettingsEdit {
  readonly path: readonly (string | number)[];
  readonly value: unknown;
}

const BYTE_ORDER_MARK = "\uFEFF";

/**
 * What a settings file says: JSON with comments and trailing commas; an empty text says nothing.
 * `name` is what the file is called in an error. KnownError if it is not an object, or not JSON.
 */
export function parseSettings(text: string, name: string): Readonly<Record<string, unknown>> {
  const root = treeOf(text, name);
  return root === undefined ? {} : (getNodeValue(root) as Record<string, unknown>);
}

/**
 * The text with the values in place. Comments, order, indentation, line ends and a byte order mark
 * stay as they are. KnownError as `parseSettings`, and where a key on the way is no object or
 * stands there twice.
 */
export function editSettings(text: string, edits: readonly SettingsEdit[], name: string): string {
  const root = treeOf(text, name);
  const mark = text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : "";
  let body = text.slice(mark.length);
  if (root === undefined) body = "{}\n";
  for (const edit of edits) {
    const tree = parseTree(body, [], LENIENT);
    checkWay(tree, edit.path, name);
    body = behindComment(body, tree, edit) ?? edited(body, edit);
  }
  return mark + body;
}

function edited(body: string, { path, value }: SettingsEdit): string {
  const formattingOptions = styleOf(body);
  return applyEdits(body, modify(body, path as JSONPath, value, { formattingOptions }));
}

/**
 * A new key comes after the comment that stands on the line of the last one; the library would put
 * it before, and the comment would be taken for the new key's. Undefined where there is no such
 * comment.
 */
function behindComment(
  body: string,
  tree: Node | undefined,
  { path, value }: SettingsEdit,
): string | undefined {
  const depth = path.findIndex((_, index) => nodeAt(tree, path.slice(0, index + 1)) === undefined);
  const key = path[depth];
  const last = depth < 0 ? undefined : nodeAt(tree, path.slice(0, depth))?.children?.at(-1);
  if (value === undefined || typeof key !== "string" || last === undefined) return undefined;
  const end = last.offset + last.length;
  const comment = /^(,?)[ \t]*(?:\/\/[^\r\n]*|\/\*.*\*\/[ \t]*)(?=\r?\n)/.exec(body.slice(end));
  if (comment === null) return undefined;
  const { eol, insertSpaces, tabSize } = styleOf(body);
  const unit = insertSpaces ? " ".repeat(tabSize) : "\t";
  const lineStart = body.lastIndexOf("\n", last.offset) + 1;
  const indent = /^[ \t]*/.exec(body.slice(lineStart))?.[0] ?? "";
  const content = path.slice(depth + 1).reduceRight((inner, name) => ({ [name]: inner }), value);
  const text = JSON.stringify(content, null, unit).replaceAll("\n", `${eol}${indent}`);
  const line = `${eol}${indent}${JSON.stringify(key)}: ${text}${comment[1] ?? ""}`;
  const before = comment[1] === "," ? body.slice(0, end) : `${body.slice(0, end)},`;
  const lineEnd = end + comment[0].length;
  return `${before}${body.slice(end, lineEnd)}${line}${body.slice(lineEnd)}`;
}

function nodeAt(tree: Node | undefined, path: SettingsEdit["path"]): Node | undefined {
  return tree === undefined ? undefined : findNodeAtLocation(tree, path as JSONPath);
}

const LENIENT = { allowTrailingComma: true, disallowComments: false };

/** Undefined where there is nothing but white space and comments. */
function treeOf(text: string, name: string): Node | undefined {
  const body = text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
  if (body.trim() === "") return undefined;
  const errors: ParseError[] = [];
  const root = parseTree(body, errors, LENIENT);
  const [first] = errors;
  if (first !== undefined) throw unreadable(name, `at ${placeOf(body, first.offset)}`);
  if (root?.type !== "object") throw unreadable(name, "(expected an object in braces)");
  return root;
}

/** What an edit passes through must be objects (or lists), with each key once. */
function checkWay(root: Node | undefined, path: readonly (string | number)[], name: string): void {
  for (let length = 0; length <= path.length; length++) {
    const way = path.slice(0, length);
    const node = nodeAt(root, way);
    if (node === undefined) return;
    const key = path[length];
    if (key === undefined) return;
    const wanted = typeof key === "number" ? "array" : "object";
    const called = way.length === 0 ? "the whole" : `"${way.join(".")}"`;
    if (node.type !== wanted) throw unreadable(name, `(${called} should be an ${wanted})`);
    const same = (node.children ?? []).filter((child) => child.children?.[0]?.value === key);
    if (same.length > 1) throw unreadable(name, `("${key}" is there twice)`);
  }
}

function unreadable(name: string, where: string): KnownError {
  return new KnownError("settings-unsuitable", `${name} is not valid JSON ${where}.`, {
    hint: "Correct it by hand; it was not changed.",
  });
}

/** `line 3, column 12`, from one. */
function placeOf(text: string, offset: number): string {
  const before = text.slice(0, offset).split(/\r\n|\r|\n/);
  return `line ${before.length}, column ${(before.at(-1) ?? "").length + 1}`;
}

/** Indentation and line ends as the text has them. */
function styleOf(text: string): { tabSize: number; insertSpaces: boolean; eol: string } {
  const indent = /^([ \t]+)\S/m.exec(text)?.[1] ?? "  ";
  return {
    insertSpaces: !indent.startsWith("\t"),
    tabSize: indent.startsWith("\t") ? 1 : indent.length,
    eol: text.includes("\r\n") ? "\r\n" : "\n",
  };
}
