import { join, posix, win32 } from "node:path";

/** Where things lie when nobody says otherwise. All paths are absolute. */
export interface Places {
  /** Holds the database and captured telemetry. */
  readonly dataFolder: string;
  /** Holds the captured telemetry: what is imported and watched where no path is named. */
  readonly telemetryFolder: string;
  /** Holds the settings. */
  readonly configFolder: string;
  /** Holds what can be made again at any time. */
  readonly cacheFolder: string;
  readonly database: string;
}

/** What `~` depends on. */
export interface HomeInput {
  readonly platform: string;
  /** The user's home directory; empty where the system knows none. */
  readonly home: string;
}

/** What the places depend on. */
export interface PlacesInput extends HomeInput {
  readonly env: Readonly<Record<string, string | undefined>>;
}

const NAME = "cctelemetry";

/**
 * The default places: XDG directories on Linux and its like, the platform's own
 * on macOS and Windows. `CCTELEMETRY_HOME` moves all of them into one folder,
 * `CCTELEMETRY_DB` names the database. A relative XDG directory is ignored, as
 * its specification says.
 */
export function defaultPlaces(input: PlacesInput): Places {
  const path = input.platform === "win32" ? win32 : posix;
  const folders = foldersOf(input, path);
  const database = namedBy(input.env, "CCTELEMETRY_DB");
  const { dataFolder } = folders;
  return {
    ...folders,
    telemetryFolder: dataFolder === "" ? "" : path.join(dataFolder, "otlp"),
    database:
      database === undefined ? databaseIn(dataFolder, path) : absolute(database, input, path),
  };
}

/** The file that a receiver writes where none is named. */
export function receivedFile({ telemetryFolder }: Places): string {
  return join(telemetryFolder, "claude-code.jsonl");
}

/** A pattern of all files of captured telemetry. */
export function capturedFiles({ telemetryFolder }: Places): string {
  return join(telemetryFolder, "*.jsonl");
}

/**
 * The path that a person wrote, with `~`, `$HOME` or `${HOME}` in front of it (`%USERPROFILE%` on
 * Windows) as the home directory: where a path comes from quotes, a variable or a settings file, no
 * shell has done it. Undefined where there is no home directory, and for `~name/…`: another user's
 * home is not known here, and a folder of that name in the working directory is not meant.
 */
export function expandHome(written: string, { platform, home }: HomeInput): string | undefined {
  const path = platform === "win32" ? win32 : posix;
  const found = (platform === "win32" ? HOME_ON_WINDOWS : HOME).exec(written);
  if (found === null) return namesOthersHome(written, platform) ? undefined : written;
  if (!path.isAbsolute(home)) return undefined;
  return path.join(home, written.slice(found[0].length));
}

/** Whether a path begins with the home of another user, as a shell spells it: `~name/…`. */
export function namesOthersHome(written: string, platform: string): boolean {
  return platform !== "win32" && /^~[^/]+\//.test(written);
}

const HOME = /^(?:~|\$HOME|\$\{HOME\})(?=\/|$)/;
const HOME_ON_WINDOWS = /^(?:~|\$HOME|\$\{HOME\}|%USERPROFILE%)(?=[\\/]|$)/i;

/** Empty, which is no absolute path, where it depends on a home directory and there is none. */
function absolute(written: string, input: PlacesInput, path: typeof posix): string {
  const expanded = expandHome(written, input);
  return expanded === undefined ? "" : path.resolve(expanded);
}

function databaseIn(dataFolder: string, path: typeof posix): string {
  return dataFolder === "" ? "" : path.join(dataFolder, "telemetry.duckdb");
}

type Folders = Omit<Places, "database" | "telemetryFolder">;

function foldersOf(input: PlacesInput, path: typeof posix): Folders {
  const { env, platform, home } = input;
  const own = namedBy(env, "CCTELEMETRY_HOME");
  if (own !== undefined) {
    const folder = absolute(own, input, path);
    if (folder === "") return { dataFolder: "", configFolder: "", cacheFolder: "" };
    return { dataFolder: folder, configFolder: folder, cacheFolder: path.join(folder, "cache") };
  }
  if (platform === "darwin") {
    const library = path.join(home, "Library");
    const support = path.join(library, "Application Support", NAME);
    return {
      dataFolder: support,
      configFolder: support,
      cacheFolder: path.join(library, "Caches", NAME),
    };
  }
  const base = (variable: string, ...fallback: readonly string[]): string => {
    const named = namedBy(env, variable);
    const root =
      named !== undefined && path.isAbsolute(named) ? named : path.join(home, ...fallback);
    return path.join(root, NAME);
  };
  if (platform === "win32") {
    const local = base("LOCALAPPDATA", "AppData", "Local");
    return {
      dataFolder: local,
      configFolder: base("APPDATA", "AppData", "Roaming"),
      cacheFolder: path.join(local, "cache"),
    };
  }
  return {
    dataFolder: base("XDG_DATA_HOME", ".local", "share"),
    configFolder: base("XDG_CONFIG_HOME", ".config"),
    cacheFolder: base("XDG_CACHE_HOME", ".cache"),
  };
}

/** A variable of nothing, or of blanks alone, counts as none. */
function namedBy(env: PlacesInput["env"], name: string): string | undefined {
  const value = env[name];
  return value === undefined || value.trim() === "" ? undefined : value;
}
