import { afterAll, beforeAll, describe, test } from "vitest";
import { missingForVsCode, releases } from "../../../scripts/vscode/servers.mjs";
import { type Desk, type DeskOptions, openDesk } from "./desk.ts";
import type { Release } from "./server.ts";

const missing = missingForVsCode();
const mandatory = process.env["CI"] === "true";

/**
 * Tests for each release of VS Code. Where Chromium or a server is missing they are left out, and
 * fail where CI is true.
 */
export function forEachRelease(
  name: string,
  tests: (release: Release) => void,
  which: readonly Release[] = releases,
): void {
  describe.skipIf(missing !== undefined && !mandatory)(name, () => {
    if (missing !== undefined && mandatory) {
      test("needs VS Code", () => {
        throw new Error(missing);
      });
      return;
    }
    describe.each(which)("VS Code $vscode", tests);
  });
}

/** The same with the extension installed; `desk` gives what the tests work with. */
export function inEachRelease(
  name: string,
  tests: (desk: () => Desk, release: Release) => void,
  options: DeskOptions & { readonly which?: readonly Release[] } = {},
): void {
  const { which = releases, ...deskOptions } = options;
  const inRelease = (release: Release): void => {
    let open: Desk | undefined;
    beforeAll(async () => {
      open = await openDesk(release, deskOptions);
    });
    afterAll(() => open?.close());
    tests(() => {
      if (open === undefined) throw new Error("not yet open");
      return open;
    }, release);
  };
  forEachRelease(name, inRelease, which);
}

/** Whether each test is to run in every release, and with every recording. */
export const isLong = process.env["VSCODE_TESTS"] === "all";

/** The newest release alone, for what need not be tried twice. */
export const newest: readonly Release[] = isLong ? releases : releases.slice(0, 1);
