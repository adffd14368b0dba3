/** Words that people type for reports of another name. */
const otherWords: Readonly<Record<string, string>> = {
  cost: "summary",
  costs: "summary",
  day: "daily",
  month: "monthly",
  week: "weekly",
  users: "summary --by user",
  projects: "summary --by tag:project",
};

/** Words that other programs have for what we call otherwise. */
const otherCommands: Readonly<Record<string, string>> = {
  version: "--version",
  ...Object.fromEntries(
    ["live", "tail", "follow", "monitor", "top"].map((word) => [word, "watch"]),
  ),
  ...Object.fromEntries(["serve", "server", "receive", "listen"].map((word) => [word, "collect"])),
  ...Object.fromEntries(["setup", "install", "configure"].map((word) => [word, "init"])),
  ...Object.fromEntries(["check", "diagnose", "health"].map((word) => [word, "doctor"])),
  sql: "query",
  blocks: "report activity",
  export: 'query "FROM api_requests" -o requests.csv',
};

/** The report that a word means: by its name, its beginning, one letter more or less, or another word. */
export function reportMeant(word: string, names: readonly string[]): string | undefined {
  const lower = word.toLowerCase();
  const known = otherWords[lower];
  if (names.includes(lower) || known === undefined) {
    return names.find((name) => name === lower) ?? names.find((name) => isNear(lower, name));
  }
  return known;
}

/** What a word that is no command may have meant, as a command line; undefined if nothing is near. */
export function commandMeant(
  word: string,
  commands: readonly string[],
  reports: readonly string[],
): string | undefined {
  const other = Object.hasOwn(otherCommands, word) ? otherCommands[word] : undefined;
  if (other !== undefined) return `cctelemetry ${other}`;
  const command = commands.find((name) => isNear(word.toLowerCase(), name));
  if (command !== undefined) return `cctelemetry ${command}`;
  const report = reportMeant(word, reports);
  return report === undefined ? undefined : `cctelemetry report ${report}`;
}

/** Whether two words differ by one letter, or one begins with the other. */
function isNear(word: string, name: string): boolean {
  if (word.length < 3) return false;
  if (name.startsWith(word) || word.startsWith(name)) return true;
  const [short, long] = word.length < name.length ? [word, name] : [name, word];
  if (long.length - short.length > 1) return false;
  let at = 0;
  while (at < short.length && short[at] === long[at]) at++;
  const rest = long.length === short.length ? short.slice(at + 1) : short.slice(at);
  return long.slice(at + 1) === rest;
}
