/**
 * The platforms that VS Code distinguishes, and the package that holds the engine's binding for each.
 *
 * @type {Readonly<Record<string, string>>}
 */
export const bindings = {
  "linux-x64": "@duckdb/node-bindings-linux-x64",
  "linux-arm64": "@duckdb/node-bindings-linux-arm64",
  "alpine-x64": "@duckdb/node-bindings-linux-x64-musl",
  "alpine-arm64": "@duckdb/node-bindings-linux-arm64-musl",
  "darwin-x64": "@duckdb/node-bindings-darwin-x64",
  "darwin-arm64": "@duckdb/node-bindings-darwin-arm64",
  "win32-x64": "@duckdb/node-bindings-win32-x64",
  "win32-arm64": "@duckdb/node-bindings-win32-arm64",
};
