// Splits a file into what people read (comments, sentences in strings, documents) and names in code.

/**
 * A piece of a file. `start` is its offset in characters.
 * @typedef {{ kind: "comment" | "sentence" | "code", start: number, text: string }} Piece
 */

const afterValue = /(?:[\w$)\]}"'`]|\+\+|--)\s*$/;
const keywordBeforeRegExp =
  /(?:^|[^\w$.])(?:return|typeof|case|in|of|do|else|void|delete|yield|await|throw|instanceof)\s*$/;
const stringToken = /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/y;
const regExpToken = /\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/[dgimsuvy]*/y;
const commentToken = /\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/y;
const sqlToken = /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|'(?:''|[^'])*'|"(?:""|[^"])*"/g;

/** The pieces of a file of this name, in order. Files other than code and SQL are one sentence. */
export function piecesOf(/** @type {string} */ path, /** @type {string} */ text) {
  if (/\.(?:[cm]?[jt]sx?|css|go)$/.test(path)) return piecesOfScript(text);
  if (path.endsWith(".sql")) return piecesOfSql(text);
  return [piece("sentence", 0, text)];
}

/** @returns {Piece} */
function piece(
  /** @type {Piece["kind"]} */ kind,
  /** @type {number} */ start,
  /** @type {string} */ text,
) {
  return { kind, start, text };
}

/** A string of one word is a name, such as a key or a file; one of several words is a sentence. */
function stringPiece(/** @type {number} */ start, /** @type {string} */ text) {
  return piece(/\S\s+\S/.test(text) ? "sentence" : "code", start, text);
}

function piecesOfSql(/** @type {string} */ text) {
  const pieces = [];
  let from = 0;
  for (const { 0: token, index } of text.matchAll(sqlToken)) {
    pieces.push(piece("code", from, text.slice(from, index)));
    const isComment = token.startsWith("--") || token.startsWith("/*");
    pieces.push(isComment ? piece("comment", index, token) : stringPiece(index, token));
    from = index + token.length;
  }
  return joinLineComments([...pieces, piece("code", from, text.slice(from))]);
}

function piecesOfScript(/** @type {string} */ text) {
  /** @type {Piece[]} */
  const pieces = [];
  scanScript(text, 0, false, pieces);
  return joinLineComments(pieces);
}

/**
 * Scans code from `from`; code inside a template ends at the brace that closes it.
 * @returns {number} where it ended
 */
function scanScript(
  /** @type {string} */ text,
  /** @type {number} */ from,
  /** @type {boolean} */ inTemplate,
  /** @type {Piece[]} */ pieces,
) {
  let depth = 0;
  let codeFrom = from;
  let at = from;
  /** Ends the code before `at`. */
  const flush = () => pieces.push(piece("code", codeFrom, text.slice(codeFrom, at)));
  while (at < text.length) {
    const char = text[at];
    if (inTemplate && char === "}" && depth === 0) break;
    if (char === "{") depth++;
    if (char === "}") depth--;
    const comment = match(commentToken, text, at);
    const string = comment ?? match(stringToken, text, at);
    if (string !== undefined) {
      flush();
      pieces.push(comment === undefined ? stringPiece(at, string) : piece("comment", at, string));
      at += string.length;
      codeFrom = at;
    } else if (char === "`") {
      flush();
      at = scanTemplate(text, at, pieces);
      codeFrom = at;
    } else {
      at += regExpAt(text, at)?.length ?? 1;
    }
  }
  flush();
  return at;
}

/** Scans a template from its first backtick. @returns {number} where it ended */
function scanTemplate(
  /** @type {string} */ text,
  /** @type {number} */ start,
  /** @type {Piece[]} */ pieces,
) {
  /** @type {Piece[]} */
  const inner = [];
  // The code inside is blanked, so that the text keeps its offsets.
  let shown = "`";
  let at = start + 1;
  while (at < text.length && text[at] !== "`") {
    if (text.startsWith("${", at)) {
      const end = scanScript(text, at + 2, true, inner) + 1;
      shown += text.slice(at, end).replace(/[^\n]/g, "\u0000");
      at = end;
    } else {
      const length = text[at] === "\\" ? 2 : 1;
      shown += text.slice(at, at + length);
      at += length;
    }
  }
  pieces.push(stringPiece(start, shown), ...inner);
  return at + 1;
}

/** A regular expression that begins here; after a value, a slash divides. */
function regExpAt(/** @type {string} */ text, /** @type {number} */ at) {
  if (text[at] !== "/") return undefined;
  const before = text.slice(Math.max(0, at - 80), at);
  if (afterValue.test(before) && !keywordBeforeRegExp.test(before)) return undefined;
  return match(regExpToken, text, at);
}

function match(/** @type {RegExp} */ token, /** @type {string} */ text, /** @type {number} */ at) {
  token.lastIndex = at;
  return token.exec(text)?.[0];
}

/** Comments of several lines in a row are one, so that a phrase may span lines. */
function joinLineComments(/** @type {Piece[]} */ pieces) {
  /** @type {Piece[]} */
  const joined = [];
  for (const next of pieces) {
    const [before, last] = [joined.at(-2), joined.at(-1)];
    const isGap = last?.kind === "code" && /^\s*$/.test(last.text);
    if (next.kind === "comment" && isGap && before?.kind === "comment") {
      joined.splice(-2, 2, piece("comment", before.start, before.text + last.text + next.text));
    } else joined.push(next);
  }
  return joined;
}
