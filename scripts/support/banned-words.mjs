// The words that `npm run check` keeps out of the repository, each with what to write in its place.

/**
 * @typedef {{ pattern: RegExp, use: string }} BannedWord
 */

/**
 * Patterns see names in parts: `toldTwice` and `told_twice` are "told twice".
 * @type {readonly BannedWord[]}
 */
export const bannedWords = [
  { pattern: /\btold\b/gi, use: "write reported, configured, passed or known" },
  { pattern: /\b(?:tells?|telling)\b/gi, use: "write reports, shows, says or distinguishes" },
  { pattern: /\banew\b/gi, use: "archaic; write again, or a verb with re-" },
  { pattern: /\breckon(?:s|ed|ings?)?\b/gi, use: "write compute, count, price or assume" },
  { pattern: /\berrands?\b/gi, use: "write action, task or request" },
  { pattern: /\bdearest\b/gi, use: "write most expensive" },
  { pattern: /\bheed(?:s|ed|ing|less)?\b/gi, use: "archaic; write read, use or ignore" },
  { pattern: /\bof\s+late\b(?=\s*(?:[.,;:)]|$))/gi, use: "write recently, or name the period" },
  { pattern: /\bbesides\b/gi, use: "write also, in addition, apart from or other than" },
  { pattern: /\bseldom\b/gi, use: "write rarely" },
  {
    pattern: /\b(?:where|there)(?:of|in|upon|unto|from|with)\b/gi,
    use: "legal English; begin a sentence of its own",
  },
  {
    pattern: /\b(?:henceforth|whence|thence|hitherto|heretofore|aforesaid|whilst|unto)\b/gi,
    use: "archaic; write from now on, from where, until now, named above, while or to",
  },
];
