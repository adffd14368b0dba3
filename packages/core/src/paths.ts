import { posix, win32 } from "node:path";

/** Where things lie when nobody says otherwise. All paths are absolute. */
export interface Places {
  /** Holds the database and captured telemetry. */
  readonly dataFolder: string;
  /** Holds the settings. */
  readonly configFolder: string;
  /** Holds what can be made again at any time. */
  readonly cacheFolder: string;
  readonly database: string;
}

/** What the places depend on. */
export interface PlacesInput {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: string;
  /** The user's home directory. */
  readonly home: string;
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
  return {
    ...folders,
    database:
      database === undefined
        ? path.join(folders.dataFolder, "telemetry.duckdb")
        : path.resolve(database),
  };
}

type Folders = Omit<Places, "database">;

function foldersOf({ env, platform, home }: PlacesInput, path: typeof posix): Folders {
  const own = namedBy(env, "CCTELEMETRY_HOME");
  if (own !== undefined) {
    const folder = path.resolve(own);
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

/** An empty variable counts as none. */
function namedBy(env: PlacesInput["env"], name: string): string | undefined {
  const value = env[name];
  return value === undefined || value === "" ? undefined : value;
}
