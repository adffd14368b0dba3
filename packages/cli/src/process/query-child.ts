import { serveQuery } from "@cctelemetry/core/sandbox";

await serveQuery({
  input: process.stdin,
  output: process.stdout,
  residentBytes: () => process.memoryUsage.rss(),
  exit: (code) => process.exit(code),
});
