import { writeSync } from "node:fs";
import { KnownError } from "@cctelemetry/core/light";
import type { TextOutput } from "./context.ts";
import { exitCodes, failureText } from "./failure.ts";
import { reasonOf } from "./system-reason.ts";

/** A stream of this process as an output: `closedPipe` is called if its reader closed it, `failed` for any other error. */
export function textOutput(
  stream: NodeJS.WriteStream,
  closedPipe: () => void,
  failed: (error: Error) => void,
): TextOutput {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") closedPipe();
    else failed(error);
  });
  return {
    isTTY: stream.isTTY === true,
    // A terminal that does not know its width says 0.
    columns: stream.isTTY === true ? stream.columns || 80 : undefined,
    write: (text) =>
      new Promise((done) => {
        // Called for what failed as well.
        if (text.length === 0) done();
        else stream.write(text, () => done());
      }),
  };
}

/** Ends the process where standard output takes no more, for whatever it was. */
export function endUnwritten(error: Error): never {
  const failure = new KnownError(
    "output-failed",
    `Standard output cannot be written: ${reasonOf(error)}.`,
    {
      hint: "Free space on the disk it is written to, or write to a file with --output.",
      cause: error,
    },
  );
  try {
    writeSync(2, failureText(failure, false));
  } catch {
    // Standard error may lead to the same full disk.
  }
  process.exit(exitCodes.known);
}
