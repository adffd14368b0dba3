import { escapeUnsafe, type Paint, withShownUrls } from "@cctelemetry/core/light";
import { structuredPatch } from "diff";
import type { FileChange } from "./change-file.ts";

/** How added, removed and quiet lines are painted. */
export interface DifferencePaint {
  readonly head: Paint["head"];
  readonly quiet: Paint["quiet"];
  readonly added: (text: string) => string;
  readonly removed: (text: string) => string;
}

/**
 * A change as lines of a difference, the file's name above. Control characters are escaped, and
 * secrets in the lines around the change are not shown.
 */
export function differenceText(
  { path, before, after }: FileChange,
  paint: DifferencePaint,
): string {
  const { hunks } = structuredPatch("", "", before ?? "", after, "", "", { context: 2 });
  const lines = hunks.flatMap((hunk, index) => [
    ...(index === 0 ? [] : [paint.quiet("  …")]),
    ...hunk.lines.filter((line) => !line.startsWith("\\")).map((line) => painted(line, paint)),
  ]);
  const head = paint.head(escapeUnsafe(path)) + (before === undefined ? paint.quiet(" (new)") : "");
  return `${[head, ...lines].join("\n")}\n`;
}

function painted(line: string, paint: DifferencePaint): string {
  const text = escapeUnsafe(
    withoutSecrets(line.slice(1).replace(/\r$/, "").replaceAll("\t", "    ")),
  );
  if (line.startsWith("+")) return paint.added(`+ ${text}`);
  return line.startsWith("-") ? paint.removed(`- ${text}`) : paint.quiet(`  ${text}`);
}

const SECRET =
  /([\w-]*(?:key|token|secret|password|headers|auth)[\w-]*["']?(?:\s*[:=]\s*|\s+(?=['"])))\S.*/gi;

function withoutSecrets(line: string): string {
  return withShownUrls(line).replace(SECRET, "$1•••");
}
