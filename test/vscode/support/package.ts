import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runNode } from "../../../scripts/support/run.mjs";
import { missingForVsCode } from "../../../scripts/vscode/servers.mjs";
import { absolute } from "../../support/source-tree.ts";

/**
 * Packs the extension before the first test, and makes a folder for what the files of a run share.
 * Throws what the packing says where it fails.
 */
export async function setup(): Promise<void> {
  process.env["VSCODE_TESTS_SHARED"] = await mkdtemp(join(tmpdir(), "cctelemetry-shared-"));
  if (missingForVsCode() !== undefined || process.env["CCTELEMETRY_VSIX"] !== undefined) return;
  const { code, output } = await runNode(
    absolute("packages/vscode-extension/scripts/package.mjs"),
    [],
  );
  if (code !== 0) throw new Error(`The extension could not be packed:\n${output}`);
}

/** Removes the shared folder. */
export async function teardown(): Promise<void> {
  const folder = process.env["VSCODE_TESTS_SHARED"];
  if (folder !== undefined) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}
