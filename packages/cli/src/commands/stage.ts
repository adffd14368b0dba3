import { readFile } from "node:fs/promises";
import { escapeUnsafe, KnownError } from "@cctelemetry/core/light";
import { type Command, Option } from "commander";
import { ProgramEnded } from "../failure.ts";
import { type CommonOptions, withCommon } from "../options.ts";
import { type TagOptions, tagsOf, withTagOptions } from "../run/options.ts";
import type { TagSet } from "../run/tags.ts";
import type { Mark } from "../stage/mark.ts";
import { appendMarks, lateMarks } from "../stage/mark-file.ts";
import { openStages } from "../stage/open-stages.ts";
import { markTags, sessionOf, taggedStage } from "../stage/session.ts";
import { sessionMap } from "../stage/session-map.ts";
import type { World } from "../world.ts";

const EXAMPLES = `
Marks say which stage a session is in while it runs on; they are kept beside the
telemetry in otlp/stages.jsonl of your data folder, which import and watch read.
Run in a shell of Claude Code they find their session; elsewhere name it with
--session. A request belongs to the stage it was begun in, a subagent to that of
its first request. Stages open side by side are told as ambiguous, unless
--agent says which subagent each was given to. Tags go before marks.

Examples:
  cctelemetry stage start plan --task w-17.1
  cctelemetry stage start implement --next       ends what is open first
  cctelemetry stage end                          ends whatever is open
  cctelemetry stage exec review -- ./review.sh
  cctelemetry stage map 0f8c… --workflow w-17 --stage plan
  cctelemetry stage map --from sessions.json     {"0f8c…": {"stage": "plan"}, …}
`;

interface StageOptions extends CommonOptions, TagOptions {
  readonly session?: string;
  readonly next?: boolean;
  readonly note?: string;
  readonly from?: string;
}

/** The commands of `cctelemetry stage`. */
export function define(command: Command, world: World): void {
  command.addHelpText("after", EXAMPLES);
  command.enablePositionalOptions();
  command.parent?.enablePositionalOptions();
  withMarkOptions(command.command("start"))
    .description("begin a stage")
    .argument("<stage>", "name, e.g. analyze, plan, implement, review")
    .addOption(new Option("--next", "end what is open first"))
    .action((stage: string, options: StageOptions) => start(stage, options, world));
  withMarkOptions(command.command("end"))
    .description("end a stage, or all that are open")
    .argument("[stage]", "name; without one all that are open")
    .action((stage: string | undefined, options: StageOptions) => end(stage, options, world));
  withMarkOptions(command.command("exec"))
    .description("begin a stage, run a program, end the stage")
    .argument("<stage>", "name")
    .argument("<command...>", "the program and its arguments, after --")
    .passThroughOptions()
    .action((stage: string, words: readonly string[], options: StageOptions) =>
      execute(stage, words, options, world),
    );
  withCommon(withTagOptions(command.command("map")))
    .description("say what whole sessions are for")
    .argument("[session...]", "ids of sessions")
    .addOption(new Option("--from <file>", "a JSON file: tags by session"))
    .action((sessions: readonly string[], options: StageOptions) =>
      mapSessions(sessions, options, world),
    );
}

function withMarkOptions(command: Command): Command {
  return withCommon(withTagOptions(command, "without a stage"))
    .addOption(new Option("--session <id>", "the session (default: the one whose shell this is)"))
    .addOption(new Option("--note <text>", "a remark"));
}

async function start(stage: string, options: StageOptions, world: World): Promise<void> {
  const mark = startOf(stage, options, world);
  const open = openStages(await lateMarks(world.places), mark.session);
  const before: readonly Mark[] =
    options.next === true ? [{ action: "end", session: mark.session, tags: new Map() }] : [];
  await appendMarks(world.places, [...before, mark], world.now());
  const others = open.filter((each) => each.stage !== stage);
  if (options.next !== true && others.length > 0) {
    const names = [...new Set(others.map((each) => each.stage))].join(", ");
    await note(
      `${names} is open in this session, too: what is spent now is ambiguous until it ends`,
      world,
    );
  }
  await noteTag(world);
}

async function end(stage: string | undefined, options: StageOptions, world: World): Promise<void> {
  const session = sessionOf(options.session, world.env);
  const tags: TagSet = tagsOf({ ...options, ...(stage === undefined ? {} : { stage }) });
  const mark: Mark = { action: "end", session, tags, note: options.note };
  await appendMarks(world.places, [mark], world.now());
}

async function execute(
  stage: string,
  words: readonly string[],
  options: StageOptions,
  world: World,
): Promise<void> {
  const mark = startOf(stage, options, world);
  await appendMarks(world.places, [mark], world.now());
  await noteTag(world);
  const ended = (): Promise<void> =>
    appendMarks(world.places, [{ ...mark, action: "end" }], world.now());
  // The separator stays where an argument stands before it.
  const program = words[0] === "--" ? words.slice(1) : words;
  throw new ProgramEnded(await world.runProgram(program, {}, ended));
}

function startOf(stage: string, options: StageOptions, world: World): Mark {
  const session = sessionOf(options.session, world.env);
  const tags = markTags(tagsOf({ ...options, stage }), world.env);
  return { action: "start", session, tags, note: options.note };
}

async function mapSessions(
  sessions: readonly string[],
  options: StageOptions,
  world: World,
): Promise<void> {
  const tags = tagsOf(options);
  const listed = options.from === undefined ? [] : sessionMap(await textOf(options.from));
  const marks = [
    ...sessions.map((session): Mark => ({ action: "session", session, tags })),
    ...listed.map(
      ([session, own]): Mark => ({
        action: "session",
        session,
        tags: new Map([...tags, ...own]),
      }),
    ),
  ];
  if (marks.length === 0) {
    throw new KnownError("bad-argument", "There is no session to map.", {
      hint: "Name some, or a file with --from.",
    });
  }
  const without = marks.find((mark) => !mark.tags.has("stage"));
  if (without !== undefined) {
    throw new KnownError("bad-argument", `No stage is told for session ${without.session}.`, {
      hint: "Name it with --stage, or in the file.",
    });
  }
  await appendMarks(world.places, marks, world.now());
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
async function noteTag(world: World): Promise<void> {
  const stage = taggedStage(world.env);
  if (stage === undefined) return;
  await note(`this session carries the tag stage=${stage}, which goes before marks`, world);
}

async function note(text: string, world: World): Promise<void> {
  await world.stderr.write(`note: ${escapeUnsafe(text)}\n`);
}
