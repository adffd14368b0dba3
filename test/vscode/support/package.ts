import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runNode } from "../../../scripts/support/run.mjs";
import { missingForVsCode } from "../../../scripts/vscode/servers.mjs";
import { absolute } from "../../support/source-tree.ts";

/** Set where this set-up made the folder, and not that of another project of the same run. */
let own: string | undefined;

/**
 * Packs the extension before the first test, and makes a folder for what the files of a run share.
 * Throws what the packing says where it fails.
 */
export async function setup(): Promise<void> {
  if (process.env["VSCODE_TESTS_SHARED"] !== undefined) return;
  own = await mkdtemp(join(tmpdir(), "cctelemetry-shared-"));
  process.env["VSCODE_TESTS_SHARED"] = own;
  if (missingForVsCode() !== undefined || process.env["CCTELEMETRY_VSIX"] !== undefined) return;
  const { code, output } = await runNode(
    absolute("packages/vscode-extension/scripts/package.mjs"),
    [],
  );
  if (code !== 0) throw new Error(`The extension could not be packed:\n${output}`);
}

/** Removes what it made. */
export async function teardown(): Promise<void> {
  if (own !== undefined) await rm(own, { recursive: true, force: true, maxRetries: 5 });
}
