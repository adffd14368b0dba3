/** The editor for SQL, a part of the page that is loaded when it is needed. */
import {
  autocompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
  closeBrackets,
  completionKeymap,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { PostgreSQL, SQLDialect, sql } from "@codemirror/lang-sql";
import { bracketMatching, HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { Compartment, EditorState } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightSpecialChars,
  keymap,
  lineNumbers,
  placeholder,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";
import type { RelationDescription } from "../../host/protocol.ts";
import { mentioned } from "../data/statements.ts";

/** An editor that stands in the page. */
export interface SqlEditor {
  text(): string;
  /** Puts a text in, unless it is there already. */
  setText(text: string): void;
  /** Sets what can be completed. */
  setSchema(relations: readonly RelationDescription[]): void;
  destroy(): void;
}

export interface EditorCalls {
  readonly onText: (text: string) => void;
  readonly onRun: (text: string) => void;
}

const duckdb = SQLDialect.define({
  ...PostgreSQL.spec,
  keywords: `${PostgreSQL.spec.keywords ?? ""} qualify summarize pivot unpivot asof anti semi positional exclude replace describe macro sample`,
  types: `${PostgreSQL.spec.types ?? ""} hugeint ubigint uinteger usmallint utinyint tinyint struct map list`,
});

/** Colours as the window's theme has them. */
const colours = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--vscode-symbolIcon-keywordForeground, var(--cct-keyword))" },
  { tag: tags.operatorKeyword, color: "var(--cct-keyword)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--cct-string)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--cct-number)" },
  { tag: [tags.lineComment, tags.blockComment], color: "var(--cct-comment)" },
  { tag: tags.typeName, color: "var(--cct-type)" },
]);

const look = EditorView.theme({
  "&": { color: "var(--vscode-editor-foreground)", fontSize: "var(--vscode-editor-font-size)" },
  "&.cm-focused": { outline: "1px solid var(--vscode-focusBorder)" },
  ".cm-content, .cm-gutters": { fontFamily: "var(--vscode-editor-font-family, monospace)" },
  ".cm-content": { caretColor: "var(--vscode-editorCursor-foreground)", minHeight: "7em" },
  ".cm-cursor": { borderLeftColor: "var(--vscode-editorCursor-foreground)" },
  ".cm-gutters": {
    background: "transparent",
    border: "none",
    color: "var(--vscode-editorLineNumber-foreground)",
  },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground":
    { background: "var(--vscode-editor-selectionBackground)" },
  ".cm-tooltip": {
    background: "var(--vscode-editorSuggestWidget-background)",
    color: "var(--vscode-editorSuggestWidget-foreground)",
    border: "1px solid var(--vscode-editorSuggestWidget-border)",
  },
  ".cm-tooltip-autocomplete ul li[aria-selected]": {
    background: "var(--vscode-editorSuggestWidget-selectedBackground)",
    color: "var(--vscode-editorSuggestWidget-selectedForeground)",
  },
  ".cm-completionDetail": { opacity: "0.75" },
});

/** Puts an editor into an element, in a shadow root of its own for its style sheets. */
export function createEditor(place: HTMLElement, text: string, calls: EditorCalls): SqlEditor {
  const root = place.shadowRoot ?? place.attachShadow({ mode: "open" });
  const language = new Compartment();
  const run = (view: EditorView) => {
    calls.onRun(view.state.doc.toString());
    return true;
  };
  const state = EditorState.create({
    doc: text,
    extensions: [
      lineNumbers(),
      history(),
      drawSelection(),
      highlightSpecialChars(),
      bracketMatching(),
      closeBrackets(),
      autocompletion(),
      syntaxHighlighting(colours),
      look,
      language.of(languageFor([])),
      placeholder("SELECT … FROM api_requests"),
      EditorView.contentAttributes.of({ "aria-label": "SQL" }),
      EditorView.lineWrapping,
      EditorView.domEventHandlers({ beforeinput: typeOver }),
      keymap.of([
        { key: "Ctrl-Enter", mac: "Mod-Enter", run },
        ...completionKeymap,
        ...defaultKeymap,
        ...historyKeymap,
      ]),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) calls.onText(update.state.doc.toString());
      }),
    ],
  });
  const view = new EditorView({ state, parent: root, root });
  return {
    text: () => view.state.doc.toString(),
    setText: (wanted) => {
      const { length } = view.state.doc;
      if (view.state.doc.toString() === wanted) return;
      view.dispatch({ changes: { from: 0, to: length, insert: wanted } });
    },
    setSchema: (relations) =>
      view.dispatch({ effects: language.reconfigure(languageFor(relations)) }),
    destroy: () => {
      view.destroy();
      root.replaceChildren();
    },
  };
}

/**
 * Typing over a selection, before the browser does it: the browser keeps the colour of what was
 * selected in a style attribute, which the page's policy forbids and reports.
 */
function typeOver(event: InputEvent, view: EditorView): boolean {
  const { data, inputType } = event;
  const isOurs =
    inputType === "insertText" &&
    data !== null &&
    !/[([{'"]/.test(data) &&
    !view.composing &&
    !view.state.selection.main.empty;
  if (!isOurs) return false;
  event.preventDefault();
  view.dispatch(view.state.replaceSelection(data), { userEvent: "input.type" });
  return true;
}

function languageFor(relations: readonly RelationDescription[]) {
  const schema = Object.fromEntries(
    relations.map(({ name, comment, columns }) => [
      name,
      {
        self: { label: name, type: "class", ...(comment === null ? {} : { info: comment }) },
        children: columns.map(columnCompletion),
      },
    ]),
  );
  return [
    sql({ dialect: duckdb, schema }),
    duckdb.language.data.of({
      autocomplete: (context: CompletionContext) => columnsNearby(context, relations),
    }),
  ];
}

/** Columns of the relations that the statement names, wherever a word is written. */
function columnsNearby(
  context: CompletionContext,
  relations: readonly RelationDescription[],
): CompletionResult | null {
  const word = context.matchBefore(/\w+/);
  if (word === null && !context.explicit) return null;
  if (context.matchBefore(/\.\w*/) !== null) return null;
  const named = mentioned(context.state.doc.toString(), relations);
  const options = named.flatMap(({ columns }) => columns.map(columnCompletion));
  return { from: word?.from ?? context.pos, options, validFor: /^\w*$/ };
}

function columnCompletion(column: RelationDescription["columns"][number]): Completion {
  const { name, type, comment } = column;
  const info = comment === null ? {} : { info: comment };
  return { label: name, type: "property", detail: type.toLowerCase(), boost: 1, ...info };
}
