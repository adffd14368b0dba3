import { rmSync } from "node:fs";
import { SessionMeter } from "@cctelemetry/core/meter";
import { refresh } from "./refresh.ts";
import { markOf, type RefreshRequest } from "./refresh-request.ts";

/** However much there is to read, nobody waits longer, milliseconds. */
const END_WITHIN_MS = 100_000;

// The whole life of the process that refreshes a status line's numbers; nobody listens to it.
process.umask(0o077);
const request = JSON.parse(process.argv[2] ?? "") as RefreshRequest;
const mark = markOf(new SessionMeter(request).path);
process.on("exit", () => rmSync(mark, { force: true }));
setTimeout(() => process.exit(1), END_WITHIN_MS).unref();
try {
  await refresh(request);
} catch {
  process.exitCode = 1;
}
