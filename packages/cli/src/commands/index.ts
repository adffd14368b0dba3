import type { Command } from "commander";
import type { CommandContext } from "../process/context.ts";

/** A command: listed in the help, loaded when it is called. */
export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<{
    readonly define: (command: Command, context: CommandContext) => void;
  }>;
}

/** Every command, in the order of the help: set up, look, ask, tag. */
export const commands: readonly CommandEntry[] = [
  {
    name: "init",
    summary: "make Claude Code send its telemetry here",
    load: () => import("./init.ts"),
  },
  {
    name: "collect",
    summary: "receive telemetry, instead of a Collector, and write it to a file",
    load: () => import("./collect.ts"),
  },
  {
    name: "doctor",
    summary: "find why nothing arrives, and what is wrong with a set-up",
    load: () => import("./doctor.ts"),
  },
  {
    name: "watch",
    summary: "show live what the running sessions use, and store it",
    load: () => import("./watch.ts"),
  },
  {
    name: "status",
    summary: "show what is known, from which files, how fresh and how complete",
    load: () => import("./status.ts"),
  },
  {
    name: "statusline",
    summary: "print the line that Claude Code shows below its prompt",
    load: () => import("./statusline.ts"),
  },
  {
    name: "import",
    summary: "read telemetry files into the database",
    load: () => import("./import.ts"),
  },
  {
    name: "report",
    summary: "print a report, or list the reports",
    load: () => import("./report.ts"),
  },
  {
    name: "query",
    summary: "ask the database in SQL, read-only",
    load: () => import("./query.ts"),
  },
  {
    name: "schema",
    summary: "show tables, views and their columns",
    load: () => import("./schema.ts"),
  },
  {
    name: "run",
    summary: "start Claude Code with tags: workflow, stage, task, agent",
    load: () => import("./run.ts"),
  },
  {
    name: "stage",
    summary: "say which stage a running session is in: start, end, exec, map",
    load: () => import("./stage.ts"),
  },
  {
    name: "hooks",
    summary: "let Claude Code's hooks mark stages: print, install, uninstall",
    load: () => import("./hooks.ts"),
  },
];
