import { circles } from "./circles.ts";
import { importsOf, resolveFrom, type TextFile, withoutTexts } from "./source-tree.ts";

/** The longest a source file may be, in lines; past it the file holds two concepts. */
export const longestFile = 400;

/**
 * What each folder of the core may import from, apart from itself. Data flows
 * source → otlp → model → store → semantics → reports → format; `ingest`, `live` and
 * `live-store` join the folders they name, `meter` joins them all; `format` needs types only; `wire` is
 * the live state as it leaves the core; `setup` stands apart.
 */
const allowed: Readonly<Record<string, readonly string[]>> = {
  source: [],
  otlp: ["source"],
  model: ["source", "otlp"],
  store: ["source", "otlp", "model"],
  attribution: [],
  ingest: ["source", "otlp", "model", "store"],
  live: ["source", "otlp", "model", "attribution"],
  "live-store": ["source", "otlp", "model", "store", "attribution", "live", "ingest"],
  meter: ["source", "otlp", "model", "store", "attribution", "live", "ingest", "live-store"],
  semantics: ["source", "otlp", "model", "store"],
  reports: ["source", "otlp", "model", "store", "semantics"],
  prometheus: ["store", "semantics"],
  format: ["store", "semantics", "reports"],
  wire: ["attribution", "live", "format"],
  setup: [],
};

/**
 * The floors of the other packages and of large folders of the core, by their path below `packages`,
 * from the ground up. On them stand the places there: the folders, and the files beside them. A place
 * imports from itself and from the floors below its own.
 */
const floors: Readonly<Record<string, readonly (readonly string[])[]>> = {
  "core/src/source": [["file-error.ts", "file-stat.ts", "codec"], ["read"], ["find"]],
  "core/src/otlp": [
    ["exact-number.ts", "field-names.ts", "ids.ts", "iso-time.ts", "problems.ts", "sink.ts"],
    ["request-start.ts", "event-names.ts", "protobuf"],
    ["json"],
    ["scan", "document"],
  ],
  "receiver/src": [
    ["export-request.ts", "forward-state.ts", "admission", "port-holder.ts"],
    ["refusals.ts"],
    ["journal"],
    ["canonical", "self-test"],
    ["intake.ts", "forward"],
    ["http", "grpc"],
    ["listen.ts"],
    ["server.ts"],
    ["index.ts"],
  ],
  "cli/src": [
    ["process", "run", "usage"],
    ["options.ts", "stage"],
    ["output"],
    ["store", "status", "setup", "watch"],
    ["doctor", "hooks", "statusline", "collect"],
    ["commands"],
    ["program.ts"],
    ["main.ts"],
  ],
  "dashboard/src": [["host"], ["page"]],
  "dashboard/src/page": [["data"], ["ui"], ["charts"], ["views"], ["app.tsx"], ["main.tsx"]],
  "vscode-extension/src": [["status-view.ts"], ["messages.ts"], ["child", "host"]],
  "vscode-extension/src/host": [
    ["commands.ts", "ids.ts", "settings.ts", "vscode.d.ts"],
    ["child", "status"],
    ["actions"],
    ["panel", "setup"],
    ["window.ts"],
    ["extension.ts"],
  ],
};

/** Folders without effects: same arguments, same result, anywhere. */
const pureFolders = new Set(["otlp", "model", "format", "attribution", "live", "wire"]);

/** Files beside the folders that every folder may import. */
const commonFiles = new Set(["errors.ts", "is-alive.ts", "paths.ts", "sql.d.ts"]);

/** What packages offer to each other: of the core all of it, and the parts that need less. */
const entryPoints = new Set([
  "@cctelemetry/core",
  "@cctelemetry/core/light",
  "@cctelemetry/core/meter",
  "@cctelemetry/core/otlp",
  "@cctelemetry/core/paths",
  "@cctelemetry/core/sandbox",
  "@cctelemetry/core/settings",
  "@cctelemetry/core/text",
  "@cctelemetry/core/wire",
  "@cctelemetry/dashboard/page",
  "@cctelemetry/dashboard/protocol",
  "@cctelemetry/dashboard/wire",
  "@cctelemetry/receiver",
]);

const coreSource = "packages/core/src/";

/** Everything in the files that breaks a rule of the house, as sentences; empty when all is well. */
export function violations(files: readonly TextFile[]): readonly string[] {
  const ofFiles = files.flatMap((file) =>
    [
      ...placeFaults(file),
      ...directionFaults(file),
      ...engineFaults(file),
      ...effectFaults(file),
      ...lengthFaults(file),
    ].map((fault) => `${file.path} ${fault}`),
  );
  return [...ofFiles, ...circles(files).map((way) => `${way} is a circle of imports`)];
}

/** What is wrong with where a file lies; the folders of the core are inspected with its imports. */
function placeFaults({ path }: TextFile): readonly string[] {
  const houses = housesOf(path);
  if (houses.length === 0) {
    return path.startsWith(coreSource)
      ? []
      : [`lies in ${placeOf(undefined, path)}, which stands on no floor`];
  }
  return houses
    .filter((house) => floorOf(house, path) === undefined)
    .map((house) => `lies in ${placeOf(house, path)}, which stands on no floor`);
}

function directionFaults(file: TextFile): readonly string[] {
  return importsOf(file.text).flatMap(({ specifier, typeOnly }) => {
    const fault = specifier.startsWith(".")
      ? relativeFault(file.path, specifier, typeOnly)
      : packageFault(file.path, specifier);
    return fault === undefined ? [] : [fault];
  });
}

function relativeFault(path: string, specifier: string, typeOnly: boolean): string | undefined {
  const target = resolveFrom(path, specifier);
  const [, workspace] = path.split("/");
  if (target === `packages/${workspace}/package.json`) return undefined;
  if (!target.startsWith(`packages/${workspace}/src/`)) return `reaches outside with ${specifier}`;
  if (!path.startsWith(coreSource)) return climbFault(path, target);
  const from = folderOf(path);
  if (from === undefined) return undefined;
  const reached = target.slice(coreSource.length);
  if (commonFiles.has(reached)) return undefined;
  const to = folderOf(target);
  if (to === undefined) return `imports ${reached}, which gathers the folders`;
  const permitted = allowed[from];
  if (permitted === undefined) return `lies in ${from}/, which has no place in the flow`;
  if (to === from) return climbFault(path, target);
  if (!permitted.includes(to)) return `imports ${to}/ against the flow`;
  if (from === "format" && !typeOnly) return `needs more than types of ${to}/`;
  return undefined;
}

/** What is wrong with an import between two files of a package or folder that has floors. */
function climbFault(path: string, target: string): string | undefined {
  for (const house of housesOf(path)) {
    const from = floorOf(house, path);
    const to = floorOf(house, target);
    if (from === undefined || to === undefined || to < from) continue;
    if (placeOf(house, path) === placeOf(house, target)) continue;
    return `imports ${placeOf(house, target)}, which stands ${to === from ? "beside it" : "above it"}`;
  }
  return undefined;
}

/** The package and folders with floors that a file lies in. */
function housesOf(path: string): readonly string[] {
  return Object.keys(floors).filter((house) => path.startsWith(`packages/${house}/`));
}

/** The floor on which a file stands, the ground being 0; undefined where none is declared for it. */
function floorOf(house: string, path: string): number | undefined {
  if (!path.startsWith(`packages/${house}/`)) return undefined;
  const floor = floors[house]?.findIndex((places) => places.includes(placeOf(house, path)));
  return floor === -1 ? undefined : floor;
}

/** The folder among floors that a file lies in, or the file beside the folders. */
function placeOf(house: string | undefined, path: string): string {
  return path.split("/")[house === undefined ? 3 : house.split("/").length + 1] ?? path;
}

function packageFault(path: string, specifier: string): string | undefined {
  if (specifier.startsWith("@cctelemetry/")) {
    if (path.startsWith(coreSource)) return `imports its own package ${specifier}`;
    if (!entryPoints.has(specifier)) return `reaches into ${specifier}`;
  }
  return undefined;
}

/** The folder of the core a file lies in; undefined for files beside the folders. */
function folderOf(path: string): string | undefined {
  const parts = path.slice(coreSource.length).split("/");
  return parts.length > 1 ? parts[0] : undefined;
}

function engineFaults(file: TextFile): readonly string[] {
  if (file.path.startsWith(`${coreSource}store/`)) return [];
  return importsOf(file.text)
    .filter(({ specifier }) => specifier === "duckdb" || specifier.startsWith("@duckdb/"))
    .map(({ specifier }) => `imports ${specifier}; only store/ talks to the engine`);
}

const effects: readonly (readonly [RegExp, string])[] = [
  [/\bprocess\s*[.[]/, "uses process"],
  [/\bDate\s*\.\s*now\b/, "asks for the time"],
  [/\bnew\s+Date\s*(\(\s*\)|[^(\s\w])/, "asks for the time"],
  [/\bperformance\s*\.\s*now\b/, "asks for the time"],
  [/\bMath\s*\.\s*random\b/, "throws dice"],
];

function effectFaults(file: TextFile): readonly string[] {
  const folder = file.path.startsWith(coreSource) ? folderOf(file.path) : undefined;
  if (folder === undefined || !pureFolders.has(folder)) return [];
  const code = withoutTexts(file.text);
  const used = effects.filter(([pattern]) => pattern.test(code)).map(([, fault]) => fault);
  const imported = importsOf(file.text)
    .filter(({ specifier, typeOnly }) => !typeOnly && isEffectful(specifier))
    .map(({ specifier }) => `imports ${specifier}`);
  return [...used, ...imported].map((fault) => `${fault}, but ${folder}/ is pure`);
}

/** Bytes are data, everything else of Node.js is an effect. */
function isEffectful(specifier: string): boolean {
  return specifier.startsWith("node:") && specifier !== "node:buffer";
}

function lengthFaults(file: TextFile): readonly string[] {
  const lines = file.text.trimEnd().split("\n").length;
  return lines > longestFile ? [`has ${lines} lines, more than ${longestFile}`] : [];
}
