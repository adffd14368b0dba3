import { join, resolve } from "node:path";
import { SessionMeter } from "@cctelemetry/core/meter";
import { capturedFiles, type Places } from "@cctelemetry/core/paths";
import { readSettings, type Settings } from "@cctelemetry/core/settings";
import { readInput, type StatusInput } from "./input.ts";
import { checkTemplate, DEFAULT_TEMPLATE, statusLine } from "./line.ts";
import type { StatuslineOptions } from "./options.ts";
import { tonePaint } from "./paint.ts";
import type { RefreshRequest } from "./refresh-request.ts";

/** What a status line takes from outside. */
export interface StatuslineContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly places: Places;
  /** All of standard input. */
  readonly readInput: () => Promise<string>;
  readonly write: (text: string) => Promise<void>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Starts a refresh that outlives this process; false if that cannot be. */
  readonly startRefresh: (meterPath: string, request: RefreshRequest) => Promise<boolean>;
}

/** The width of a terminal that does not report it. */
const USUAL_COLUMNS = 80;
/** What Claude Code leaves free beside the line, columns. */
const MARGIN = 4;

/** Reads Claude Code's JSON and prints one line. Throws a KnownError for what makes no sense. */
export async function drawStatusLine(
  options: StatuslineOptions,
  context: StatuslineContext,
): Promise<void> {
  const template = options.template ?? DEFAULT_TEMPLATE;
  checkTemplate(template);
  const input = readInput(await context.readInput());
  const { sessionId } = input;
  if (sessionId === undefined) {
    await print({ input, session: undefined, missing: "no session" }, template, options, context);
    return;
  }
  const { ownTags } = await settingsIn(context.places.configFolder);
  const request = { ...requestFor(sessionId, options, context), ownTags };
  const meter = options.fresh ? await refreshed(request) : new SessionMeter(request);
  if (!options.fresh) await meter.catchUp();
  const due = !options.fresh && meter.needsRefresh(context.now());
  const started = due && (await context.startRefresh(meter.path, request));
  const missing = due && !started ? "cache not writable" : absence(meter);
  const session = meter.shown(context.now());
  await print({ input, session, missing }, template, options, context);
  if (!options.fresh) meter.save(context.now());
}

function absence({ isSurveyed }: SessionMeter): string {
  return isSurveyed ? "no telemetry yet" : "reading telemetry";
}

/** The user's settings; what is wrong with them other commands say. */
function settingsIn(folder: string): Promise<Settings> {
  return readSettings(folder).catch(() => ({ ownTags: {} }));
}

/** The numbers from everything that is there, however long that takes. */
async function refreshed(request: RefreshRequest): Promise<SessionMeter> {
  const { refresh } = await import("./refresh.ts");
  return await refresh(request);
}

function requestFor(
  sessionId: string,
  options: StatuslineOptions,
  { places }: StatuslineContext,
): RefreshRequest {
  const paths = options.paths.map((path) => resolve(path));
  const database = resolve(options.db ?? places.database);
  const folder = join(places.cacheFolder, "statusline");
  return {
    folder,
    sessionId,
    sources: [database, places.dataFolder, ...paths],
    paths,
    database,
    capturedFiles: capturedFiles(places),
  };
}

interface Known {
  readonly input: StatusInput;
  readonly session: ReturnType<SessionMeter["shown"]>;
  /** Why there is no session. */
  readonly missing: string;
}

async function print(
  known: Known,
  template: string,
  options: StatuslineOptions,
  context: StatuslineContext,
): Promise<void> {
  if (options.json) {
    const { statusJson } = await import("./json.ts");
    await context.write(statusJson(known.input, known.session));
    return;
  }
  const facts = { ...known, now: context.now() };
  const style = { width: widthOf(options, context), paint: tonePaint(options, context.env) };
  await context.write(`${statusLine(template, facts, style)}\n`);
}

function widthOf({ width }: StatuslineOptions, { env }: StatuslineContext): number {
  if (width !== undefined) return width;
  const given = env["COLUMNS"] ?? "";
  const columns = /^[1-9]\d{0,4}$/.test(given) ? Number(given) : USUAL_COLUMNS;
  return Math.max(1, columns - MARGIN);
}
