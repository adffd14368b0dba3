import { writeFileSync } from "node:fs";
import type { HostTest } from "./host-test.ts";
import { installed } from "./installed.ts";
import { life } from "./life.ts";

const suites: Readonly<Record<string, readonly HostTest[]>> = { installed, life };

/** Called by VS Code inside the extension host; the report is read by the test that started it. */
export async function run(): Promise<void> {
  const report: { name: string; error?: string }[] = [];
  for (const { name, body } of suites[process.env["HOST_TESTS"] ?? ""] ?? []) {
    const error = await outcome(body);
    report.push(error === undefined ? { name } : { name, error });
  }
  writeFileSync(process.env["HOST_TESTS_REPORT"] ?? "", JSON.stringify(report));
}

async function outcome(body: HostTest["body"]): Promise<string | undefined> {
  try {
    await body();
    return undefined;
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}
