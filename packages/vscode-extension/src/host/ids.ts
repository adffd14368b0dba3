/** Publisher and name of package.json, as VS Code joins them. */
export const EXTENSION_ID = "cctelemetry.cctelemetry-vscode";

/** Id of the walkthrough in package.json. */
export const WALKTHROUGH_ID = "start";
