import { readdir, readFile } from "node:fs/promises";
import { join, sep } from "node:path";
import { fileURLToPath } from "node:url";

/** The root folder of the repository. */
const root = fileURLToPath(new URL("../../", import.meta.url));

/** A file of the repository: its path from the root with forward slashes, and its text. */
export interface TextFile {
  readonly path: string;
  readonly text: string;
}

/** What one import asks for; `typeOnly` ones vanish when the program is built. */
export interface Import {
  readonly specifier: string;
  readonly typeOnly: boolean;
}

const generated = new Set(["node_modules", "dist", "coverage", ".git", ".cache"]);

/** Reads every file under a folder (named from the root) whose name ends in one of `endings`. */
export async function readTree(
  folder: string,
  endings: readonly string[],
): Promise<readonly TextFile[]> {
  const files: TextFile[] = [];
  for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (generated.has(entry.name)) continue;
    if (entry.isDirectory()) files.push(...(await readTree(path, endings)));
    else if (endings.some((ending) => entry.name.endsWith(ending))) {
      files.push({ path, text: await readFile(join(root, ...path.split("/")), "utf8") });
    }
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

const importStatement =
  /(?:^|[;}\n])\s*(?:import|export)\s+(type\s)?(?:[\w*{}\s,$]*?\sfrom\s+)?["']([^"']+)["']/g;
const importCall = /\bimport\s*\(\s*["']([^"']+)["']/g;

/** Every import and re-export of a TypeScript text, dynamic ones included. */
export function importsOf(text: string): readonly Import[] {
  const code = withoutComments(text);
  const statements = [...code.matchAll(importStatement)].map((match) => ({
    specifier: match[2] ?? "",
    typeOnly: match[1] !== undefined,
  }));
  const calls = [...code.matchAll(importCall)].map((match) => ({
    specifier: match[1] ?? "",
    typeOnly: false,
  }));
  return [...statements, ...calls];
}

const commentOrText =
  /\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`/g;

/** The code without its comments; strings stay as they are. */
function withoutComments(text: string): string {
  return text.replace(commentOrText, (found) => (found.startsWith("/") ? " " : found));
}

/** The code without comments and without what stands in strings. */
export function withoutTexts(text: string): string {
  return text.replace(commentOrText, (found) => (found.startsWith("/") ? " " : '""'));
}

/** Where a relative import of `path` leads, from the root with forward slashes. */
export function resolveFrom(path: string, specifier: string): string {
  const parts = path.split("/").slice(0, -1);
  for (const part of specifier.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== ".") parts.push(part);
  }
  return parts.join("/");
}

/** The path of a repository file on this machine. */
export function absolute(path: string): string {
  return join(root, path.split("/").join(sep));
}
