import { importsOf, resolveFrom, type TextFile } from "./source-tree.ts";

/**
 * The circles of imports among files of `packages`, types included, as `a.ts → b.ts → a.ts`. Of
 * circles that share files the shortest ones are given: enough to find where to cut.
 */
export function circles(files: readonly TextFile[]): readonly string[] {
  const imports = new Map(files.map((file) => [file.path, importedBy(file)]));
  const known = new Set<string>();
  return files.flatMap(({ path }) => {
    const way = known.has(path) ? undefined : wayBack(path, imports);
    if (way === undefined) return [];
    for (const each of way) known.add(each);
    return [[...way, path].join(" → ")];
  });
}

/** The files on the shortest way by which a file imports itself, beginning with it. */
function wayBack(
  start: string,
  imports: ReadonlyMap<string, readonly string[]>,
): readonly string[] | undefined {
  const reached = new Set<string>();
  const ways = [[start]];
  for (const way of ways) {
    for (const next of imports.get(way.at(-1) ?? start) ?? []) {
      if (next === start) return way;
      if (reached.has(next)) continue;
      reached.add(next);
      ways.push([...way, next]);
    }
  }
  return undefined;
}

/** The files of this repository that a file imports, those of other packages by their entry points, which lie beside the folders or in `host`. */
function importedBy({ path, text }: TextFile): readonly string[] {
  return importsOf(text).flatMap(({ specifier }) => {
    if (specifier.startsWith(".")) return [resolveFrom(path, specifier)];
    const [, workspace, entry = "index"] =
      /^@cctelemetry\/([^/]+)(?:\/(.+))?$/.exec(specifier) ?? [];
    if (workspace === undefined) return [];
    const folder = `packages/${workspace}/src`;
    return [`${folder}/${entry}.ts`, `${folder}/host/${entry}.ts`];
  });
}
