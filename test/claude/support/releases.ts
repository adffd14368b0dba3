import { describe, test } from "vitest";
import { missingForClaude } from "../../../scripts/claude/releases.mjs";

const missing = missingForClaude();
const mandatory = process.env["CI"] === "true";

/**
 * Tests that start Claude Code. Where a release of it is missing they are left out, and fail where
 * CI is true.
 */
export function withClaudeCode(name: string, tests: () => void): void {
  describe.skipIf(missing !== undefined && !mandatory)(name, () => {
    if (missing === undefined) return tests();
    test("needs Claude Code", () => {
      throw new Error(missing);
    });
  });
}
