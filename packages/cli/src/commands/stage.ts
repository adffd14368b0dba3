import { readFile } from "node:fs/promises";
import { escapeUnsafe, KnownError } from "@cctelemetry/core/light";
import { openStagesIn } from "@cctelemetry/core/meter";
import { type Command, Option } from "commander";
import { type CommonOptions, withCommon } from "../options.ts";
import type { Clock, DefaultPlaces, Environment, Outputs, Processes } from "../process/context.ts";
import { ProgramEnded } from "../process/failure.ts";
import { type TagOptions, tagsOf, withTagOptions } from "../run/options.ts";
import type { TagSet } from "../run/tags.ts";
import { findSession, shortSession } from "../stage/find-session.ts";
import type { Mark } from "../stage/mark.ts";
import { appendMarks, lateMarks } from "../stage/mark-file.ts";
import { markTags, taggedStage } from "../stage/mark-tags.ts";
import { sessionMap } from "../stage/session-map.ts";

const EXAMPLES = `
Marks say which stage a session is in while it runs on; they are kept beside the
telemetry in otlp/stages.jsonl of your data folder, which import and watch read.
Run in a shell of Claude Code they find their session; elsewhere name it with
--session, by its id or the beginning of it that reports and watch show. A request
belongs to the stage it was begun in, a subagent to that of its first request.
Stages open side by side are shown as ambiguous, unless --agent says which
subagent each was given to. Tags go before marks.

Examples:
  cctelemetry stage start plan --task w-17.1
  cctelemetry stage start implement --next       ends what is open first
  cctelemetry stage end                          ends whatever is open
  cctelemetry stage exec review -- ./review.sh
  cctelemetry stage map 0f8c1b2d --workflow w-17 --stage plan
  cctelemetry stage map --from sessions.json     {"0f8c…": {"stage": "plan"}, …}
`;

interface StageOptions extends CommonOptions, TagOptions {
  readonly session?: string;
  readonly next?: boolean;
  readonly note?: string;
  readonly from?: string;
  readonly force?: boolean;
}

/** What a session is found by. */
type SessionContext = Environment & DefaultPlaces;

/** What marks are written with. */
type MarkContext = SessionContext & Outputs & Clock;

/** The commands of `cctelemetry stage`. */
export function define(command: Command, context: MarkContext & Processes): void {
  command.addHelpText("after", EXAMPLES);
  command.enablePositionalOptions();
  command.parent?.enablePositionalOptions();
  withMarkOptions(command.command("start"))
    .description("begin a stage")
    .argument("<stage>", "name, e.g. analyze, plan, implement, review")
    .addOption(new Option("--next", "end what is open first"))
    .action((stage: string, options: StageOptions) => start(stage, options, context));
  withMarkOptions(command.command("end"))
    .description("end a stage, or all that are open")
    .argument("[stage]", "name; without one all that are open")
    .action((stage: string | undefined, options: StageOptions) => end(stage, options, context));
  withMarkOptions(command.command("exec"))
    .description("begin a stage, run a program, end the stage")
    .argument("<stage>", "name")
    .argument("<command...>", "the program and its arguments, after --")
    .passThroughOptions()
    .action((stage: string, words: readonly string[], options: StageOptions) =>
      execute(stage, words, options, context),
    );
  withCommon(withTagOptions(command.command("map")))
    .description("say what whole sessions are for")
    .argument("[session...]", "ids of sessions, or the beginnings of them")
    .addOption(new Option("--from <file>", "a JSON file: tags by session"))
    .addOption(forceOption())
    .action((sessions: readonly string[], options: StageOptions) =>
      mapSessions(sessions, options, context),
    );
}

function withMarkOptions(command: Command): Command {
  return withCommon(withTagOptions(command, "without a stage"))
    .addOption(
      new Option(
        "--session <id>",
        "the session, or the beginning of its id (default: the one whose shell this is)",
      ),
    )
    .addOption(forceOption())
    .addOption(new Option("--note <text>", "a remark"));
}

function forceOption(): Option {
  return new Option("--force", "accept any text as a session's id, known or not");
}

async function start(stage: string, options: StageOptions, context: MarkContext): Promise<void> {
  const mark = await startOf(stage, options, context);
  const open = openStagesIn(Buffer.from(await lateMarks(context.places)), mark.session);
  const before: readonly Mark[] =
    options.next === true ? [{ action: "end", session: mark.session, tags: new Map() }] : [];
  await appendMarks(context.places, [...before, mark], context.now());
  const others = open.flatMap(({ tags }) => tags.stage ?? []).filter((name) => name !== stage);
  if (options.next !== true && others.length > 0) {
    const names = [...new Set(others)].join(", ");
    await note(
      `${names} is open in this session, too: what is spent now is ambiguous until it ends`,
      context,
    );
  }
  await noteTag(context);
  await confirmNamed(mark, options, context);
}

async function end(
  stage: string | undefined,
  options: StageOptions,
  context: MarkContext,
): Promise<void> {
  const session = await sessionOf(options, context);
  const tags: TagSet = tagsOf({ ...options, ...(stage === undefined ? {} : { stage }) });
  const mark: Mark = { action: "end", session, tags, note: options.note };
  await appendMarks(context.places, [mark], context.now());
  await confirmNamed(mark, options, context);
}

async function execute(
  stage: string,
  words: readonly string[],
  options: StageOptions,
  context: MarkContext & Processes,
): Promise<void> {
  const mark = await startOf(stage, options, context);
  await appendMarks(context.places, [mark], context.now());
  await noteTag(context);
  const ended = (): Promise<void> =>
    appendMarks(context.places, [{ ...mark, action: "end" }], context.now());
  // The separator stays where an argument stands before it.
  const program = words[0] === "--" ? words.slice(1) : words;
  throw new ProgramEnded(await context.runProgram(program, {}, ended));
}

/** The session a mark is for: the one that is named, else the one whose shell this is. */
function sessionOf(
  { session, force }: StageOptions,
  { env, places }: SessionContext,
): Promise<string> {
  const around = env["CLAUDE_CODE_SESSION_ID"];
  return findSession({ named: session, around, force: force ?? false }, places);
}

/** Prints what was marked if the session was named: a beginning may match another session than expected. */
async function confirmNamed(
  mark: Mark,
  { session }: StageOptions,
  context: Outputs,
): Promise<void> {
  if (session !== undefined) await context.stdout.write(markedText(mark));
}

/** `e17745eb → stage plan, workflow_id w-17` */
function markedText({ action, session, tags }: Mark): string {
  const stage = tags.get("stage");
  const others = [...tags].filter(([name]) => name !== "stage");
  const words = [
    ...(stage === undefined ? [] : [`stage ${stage}`]),
    ...others.map(([name, value]) => `${name} ${value}`),
  ];
  const what = words.length === 0 ? "all stages" : words.join(", ");
  const text = `${shortSession(session)} → ${action === "end" ? "end of " : ""}${what}`;
  return `${escapeUnsafe(text)}\n`;
}

async function startOf(
  stage: string,
  options: StageOptions,
  context: SessionContext,
): Promise<Mark> {
  const session = await sessionOf(options, context);
  const tags = markTags(tagsOf({ ...options, stage }), context.env);
  return { action: "start", session, tags, note: options.note };
}

async function mapSessions(
  sessions: readonly string[],
  options: StageOptions,
  context: MarkContext,
): Promise<void> {
  const tags = tagsOf(options);
  const listed = options.from === undefined ? [] : sessionMap(await textOf(options.from));
  const wanted = [
    ...sessions.map((session) => ({ session, tags })),
    ...listed.map(([session, own]) => ({ session, tags: new Map([...tags, ...own]) })),
  ];
  if (wanted.length === 0) {
    throw new KnownError("bad-argument", "There is no session to map.", {
      hint: "Name some, or a file with --from.",
    });
  }
  const without = wanted.find((each) => !each.tags.has("stage"));
  if (without !== undefined) {
    throw new KnownError("bad-argument", `No stage given for session ${without.session}.`, {
      hint: "Name it with --stage, or in the file.",
    });
  }
  const marks: Mark[] = [];
  for (const each of wanted) {
    const session = await sessionOf({ ...options, session: each.session }, context);
    marks.push({ action: "session", session, tags: each.tags });
  }
  await appendMarks(context.places, marks, context.now());
  await context.stdout.write(marks.map(markedText).join(""));
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw unreadable(path, error);
  }
}

function unreadable(path: string, cause: unknown): KnownError {
  const hint = "Name a JSON file: tags by session.";
  return new KnownError("path-unreadable", `${path} cannot be read.`, { hint, cause });
}

/** A tag would silently make the mark useless. */
async function noteTag(context: Outputs & Environment): Promise<void> {
  const stage = taggedStage(context.env);
  if (stage === undefined) return;
  await note(`this session carries the tag stage=${stage}, which goes before marks`, context);
}

async function note(text: string, context: Outputs): Promise<void> {
  await context.stderr.write(`note: ${escapeUnsafe(text)}\n`);
}
