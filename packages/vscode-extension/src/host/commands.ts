/** Every command of the extension; package.json declares the same. */
export const commands = {
  openDashboard: "cctelemetry.openDashboard",
  pinSession: "cctelemetry.pinSession",
  importFile: "cctelemetry.importFile",
  followFile: "cctelemetry.followFile",
  runSql: "cctelemetry.runSql",
  copyReport: "cctelemetry.copyReport",
  openTelemetryFolder: "cctelemetry.openTelemetryFolder",
  getStarted: "cctelemetry.getStarted",
  copyVariables: "cctelemetry.copyVariables",
  copyCollector: "cctelemetry.copyCollector",
  showLog: "cctelemetry.showLog",
  restart: "cctelemetry.restart",
} as const;

export type CommandId = (typeof commands)[keyof typeof commands];
