/**
 * Options that other programs have, by the nearest of ours: those that begin with a dash are
 * offered to commands that have them, the others are whole command lines.
 */
const otherOptions: Readonly<Record<string, readonly string[]>> = {
  ...same(["--since"], "--from --start --begin --after --start-date --from-date -s"),
  ...same(["--until"], "--to --end --before --end-date --to-date -u"),
  ...same(
    ["--last"],
    "--day --days --week --weeks --month --months --year --years --hours --period --range --span -d",
  ),
  ...same(["--since"], "--date --on"),
  ...same(["--tz"], "--timezone --time-zone --zone -z"),
  ...same(["--json"], "-j --output-json"),
  ...same(["--format"], "--output-format --type -f"),
  ...same(["--format csv"], "--csv"),
  ...same(["--format jsonl"], "--jsonl --ndjson"),
  ...same(["--format markdown"], "--md --markdown"),
  ...same(["--format parquet"], "--parquet"),
  ...same(["--format table"], "--table --text"),
  ...same(["--output"], "--out --outfile --out-file --file --save"),
  ...same(["--db"], "--database --duckdb --store --data -D"),
  ...same(["--limit", "--max-rows"], "--top --count --max --rows --head --number -n"),
  ...same(["--by"], "--group --group-by --groupby --split --breakdown --per"),
  ...same(["--by user"], "--user --users"),
  ...same(["--by tag:project"], "--project --projects -p"),
  ...same(["--session"], "--id --session-id -i"),
  ...same(["--model"], "-m --models --model-name"),
  ...same(["--version"], "-v"),
  ...same(["cctelemetry watch"], "--watch --follow --live --tail -w"),
  ...same(
    ['cctelemetry query "FROM models ORDER BY cost_usd DESC"'],
    "--sort --sort-by --order --order-by --desc --asc",
  ),
};

/** What belongs behind the name of a report, for those who write it in front. */
const ofReports = new Set(
  "--last --since --until --tz --session --workflow --stage --task --agent --model --by --limit --format --json --output -o --db --csv-raw".split(
    " ",
  ),
);

/** The options of a command, with dashes, and what lies below it. */
export interface KnownOptions {
  /** The command line that reaches it, e.g. `cctelemetry report daily`. */
  readonly path: string;
  readonly options: readonly string[];
  readonly below: readonly KnownOptions[];
}

/** What an option that a command does not have may have meant; undefined if nothing is near. */
export function optionMeant(option: string, command: KnownOptions): string | undefined {
  const name = option.split("=")[0] ?? option;
  // It stood in front of the command's name.
  if (command.options.includes(name)) return `${command.path} ${name}`;
  const behind = command.below.find(({ options }) => options.includes(name));
  if (behind !== undefined) return `${behind.path} ${name}`;
  const isAbove = command.path === "cctelemetry" || command.path === "cctelemetry report";
  if (isAbove && ofReports.has(name)) return `cctelemetry report summary ${name}`;
  const known = Object.hasOwn(otherOptions, name) ? otherOptions[name] : undefined;
  return known?.find((each) => {
    const [word = ""] = each.split(" ");
    return !word.startsWith("-") || command.options.includes(word);
  });
}

function same(
  meant: readonly string[],
  words: string,
): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(words.split(" ").map((word) => [word, meant]));
}
