import { serveSandbox } from "../../src/store/sandbox-child.ts";
import { definition } from "./sandbox-definition.ts";

await serveSandbox(() => definition, {
  input: process.stdin,
  output: process.stdout,
  residentBytes: () => process.memoryUsage.rss(),
  exit: (code) => process.exit(code),
});
