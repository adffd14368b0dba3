import assert from "node:assert/strict";
import * as vscode from "vscode";
import type { HostTest } from "./host-test.ts";

const ID = "cctelemetry.cctelemetry-vscode";

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[];
    readonly configuration: {
      readonly properties: Readonly<Record<string, { readonly default: unknown }>>;
    };
  };
}

/** The installed extension, seen through the API of VS Code. */
export const installed: readonly HostTest[] = [
  {
    name: "starts by itself",
    body: async () => {
      const extension = ours();
      const deadline = Date.now() + 20_000;
      while (!extension.isActive && Date.now() < deadline) {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      assert.equal(extension.isActive, true);
      assert.equal(extension.extensionKind, vscode.ExtensionKind.Workspace);
    },
  },
  {
    name: "registers every command of its manifest",
    body: async () => {
      const known = new Set(await vscode.commands.getCommands(true));
      const { commands } = manifest().contributes;
      assert.ok(commands.length > 5);
      assert.deepEqual(
        commands.map(({ command }) => command).filter((command) => !known.has(command)),
        [],
      );
    },
  },
  {
    name: "takes no setting from a folder",
    body: async () => {
      const configuration = vscode.workspace.getConfiguration();
      const { properties } = manifest().contributes.configuration;
      for (const [name, { default: standard }] of Object.entries(properties)) {
        const attempt = configuration.update(name, standard, vscode.ConfigurationTarget.Workspace);
        await assert.rejects(Promise.resolve(attempt), name);
      }
    },
  },
  {
    name: "opens the dashboard as one editor, however often it is asked",
    body: async () => {
      await vscode.commands.executeCommand("cctelemetry.openDashboard");
      await vscode.commands.executeCommand("cctelemetry.openDashboard");
      const deadline = Date.now() + 10_000;
      while (dashboards() === 0 && Date.now() < deadline) {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      assert.equal(dashboards(), 1);
      await vscode.commands.executeCommand("workbench.action.closeAllEditors");
      assert.equal(dashboards(), 0);
    },
  },
  {
    name: "restarts on request",
    body: async () => {
      await vscode.commands.executeCommand("cctelemetry.restart");
      assert.equal(ours().isActive, true);
    },
  },
];

function ours(): vscode.Extension<unknown> {
  const extension = vscode.extensions.getExtension(ID);
  assert.ok(extension);
  return extension;
}

function manifest(): Manifest {
  return ours().packageJSON as Manifest;
}

function dashboards(): number {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(
      ({ input }) =>
        input instanceof vscode.TabInputWebview && input.viewType.includes("cctelemetry.dashboard"),
    ).length;
}
