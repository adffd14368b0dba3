import { KnownError } from "../../errors.ts";
import { FileBytes } from "../read/file-bytes.ts";
import { FileFinder } from "./finder.ts";
import type { Skipped } from "./found.ts";

/** The paths of one file and its rotated siblings, oldest first; "-" (standard input) stands alone. */
interface SourceGroup {
  readonly files: readonly string[];
}

/** What stands behind the paths that a user typed. */
export interface Discovery {
  readonly groups: readonly SourceGroup[];
  /** What was found but is not read, with the reason in words. */
  readonly skipped: readonly Skipped[];
  /** Paths that were named and cannot be read. */
  readonly failures: readonly PathFailure[];
}

/** A path that was named and cannot be read. */
export interface PathFailure {
  readonly path: string;
  readonly error: KnownError;
}

/**
 * One pass of the finder over paths, "-" being standard input. A path that is missing, may not be
 * read, is neither file nor directory, or has no telemetry behind it is a failure, and stops none of
 * the others.
 */
export async function discover(paths: readonly string[]): Promise<Discovery> {
  const named = paths.filter((path) => path !== "-");
  const found = await new FileFinder(named, "as named").find();
  const skipped = [...found.skipped];
  const failures = found.troubles.flatMap(({ path, error }) =>
    error === undefined ? [] : [{ path, error }],
  );
  const groups = found.groups.map(({ files }) => {
    const readable = files.filter(({ path }) => {
      const error = refusalOf(path);
      if (error === undefined) return true;
      if (named.includes(path)) failures.push({ path, error });
      else skipped.push({ path, reason: error.message });
      return false;
    });
    return { files: readable.map(({ path }) => path) };
  });
  if (paths.includes("-")) groups.push({ files: ["-"] });
  return { groups: groups.filter(({ files }) => files.length > 0), skipped, failures };
}

/** Opening is the one true test: permission bits cover neither other users nor Windows. */
function refusalOf(path: string): KnownError | undefined {
  try {
    new FileBytes(path).close();
    return undefined;
  } catch (error) {
    if (error instanceof KnownError) return error;
    throw error;
  }
}
