import { runNode } from "../../../scripts/support/run.mjs";
import { missingForVsCode } from "../../../scripts/vscode/servers.mjs";
import { absolute } from "../../support/source-tree.ts";

/** Packs the extension before the first test; throws what the packing says where it fails. */
export async function setup(): Promise<void> {
  if (missingForVsCode() !== undefined || process.env["CCTELEMETRY_VSIX"] !== undefined) return;
  const { code, output } = await runNode(
    absolute("packages/vscode-extension/scripts/package.mjs"),
    [],
  );
  if (code !== 0) throw new Error(`The extension could not be packed:\n${output}`);
}
