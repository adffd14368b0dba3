/** Every command of the extension; package.json declares the same. */
export const commands = {
  openDashboard: "cctelemetry.openDashboard",
  pinSession: "cctelemetry.pinSession",
  getStarted: "cctelemetry.getStarted",
  showLog: "cctelemetry.showLog",
  restart: "cctelemetry.restart",
} as const;

export type CommandId = (typeof commands)[keyof typeof commands];
