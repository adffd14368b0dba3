import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { commands } from "../src/host/commands.ts";
import { EXTENSION_ID, WALKTHROUGH_ID } from "../src/host/ids.ts";
import { DASHBOARD_TYPE } from "../src/host/panel/dashboard-panel.ts";
import { readSettings, settingNames } from "../src/host/settings.ts";
import { collectorConfiguration, exportVariables } from "../src/host/setup/setup-texts.ts";

interface Manifest {
  readonly name: string;
  readonly publisher: string;
  readonly icon: string;
  readonly version: string;
  readonly engines: { readonly vscode: string };
  readonly extensionKind: readonly string[];
  readonly activationEvents: readonly string[];
  readonly capabilities: {
    readonly untrustedWorkspaces: {
      readonly supported: string;
      readonly restrictedConfigurations: readonly string[];
    };
  };
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[];
    readonly menus: Readonly<Record<string, readonly { readonly command: string }[]>>;
    readonly configuration: {
      readonly properties: Readonly<Record<string, { scope: string; default: unknown }>>;
    };
    readonly walkthroughs: readonly {
      readonly id: string;
      readonly steps: readonly {
        readonly description: string;
        readonly media: { readonly markdown: string };
      }[];
    }[];
  };
}

const folder = fileURLToPath(new URL("..", import.meta.url));
const read = (path: string): string => readFileSync(`${folder}${path}`, "utf8");
const manifest = JSON.parse(read("package.json")) as Manifest;
const { properties } = manifest.contributes.configuration;

describe("the manifest", () => {
  test("declares the commands there are", () => {
    const declared = manifest.contributes.commands.map(({ command }) => command);
    expect(declared.sort()).toEqual(Object.values(commands).sort());
    const used = Object.values(manifest.contributes.menus).flat();
    for (const { command } of used) expect(declared).toContain(command);
  });

  test("declares the settings there are, with their defaults, all of them the machine's", () => {
    expect(Object.keys(properties)).toEqual(settingNames.map((name) => `cctelemetry.${name}`));
    for (const { scope } of Object.values(properties)) expect(scope).toBe("machine");
    const defaults = readSettings((name) => properties[`cctelemetry.${name}`]?.default, "/home");
    expect(defaults).toEqual(readSettings(() => undefined, "/home"));
  });

  test("is careful in folders that are not trusted", () => {
    const { supported, restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;
    expect(supported).toBe("limited");
    expect(restrictedConfigurations).toEqual(Object.keys(properties));
    expect(manifest.extensionKind).toEqual(["workspace"]);
  });

  test("activates when the window stands, and for its panel", () => {
    expect(manifest.activationEvents).toEqual([
      "onStartupFinished",
      `onWebviewPanel:${DASHBOARD_TYPE}`,
    ]);
  });

  test("agrees with the ids in the source and the version of the program", () => {
    expect(`${manifest.publisher}.${manifest.name}`).toBe(EXTENSION_ID);
    expect(manifest.contributes.walkthroughs.map(({ id }) => id)).toEqual([WALKTHROUGH_ID]);
    expect(manifest.version).toBe((JSON.parse(read("../core/package.json")) as Manifest).version);
    expect(manifest.engines.vscode).toBe("^1.99.0");
  });

  test("has a picture of pixels, and no drawing that could hold a script", () => {
    expect(readFileSync(`${folder}${manifest.icon}`).subarray(1, 4).toString()).toBe("PNG");
    const files = readdirSync(`${folder}media`, { recursive: true }).map(String);
    expect(files.filter((file) => file.endsWith(".svg"))).toEqual([]);
  });
});

describe("the walkthrough", () => {
  const steps = manifest.contributes.walkthroughs.flatMap((each) => each.steps);

  test("links to commands that are there, and shows texts that are there", () => {
    for (const { description, media } of steps) {
      expect(existsSync(`${folder}${media.markdown}`), media.markdown).toBe(true);
      for (const [, command] of description.matchAll(/\(command:([\w.]+)/g)) {
        if (command?.startsWith("workbench.") === true) continue;
        expect(Object.values<string>(commands)).toContain(command);
      }
    }
  });

  test("shows what its links copy", () => {
    expect(read("media/walkthrough/export.md")).toContain(exportVariables);
    const shown = collectorConfiguration("/home/you/otlp");
    expect(read("media/walkthrough/collect.md")).toContain(shown);
  });
});
