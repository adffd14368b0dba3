import { appendFile, chmod, mkdir, rename, rm, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Desk, Setting } from "./support/desk.ts";
import { eventLine } from "./support/lines.ts";
import { inEachRelease, newest } from "./support/releases.ts";
import { waitFor } from "./support/waiting.ts";
import type { Window } from "./support/window.ts";

/** Root reads what it may not, unless the right to do so is taken from it. */
const unprivileged =
  process.getuid?.() === 0
    ? ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--"]
    : [];

inEachRelease(
  "the telemetry file",
  (desk) => {
    test("may come later, go, come again and be rotated", async () => {
      const { setting, window } = await begin(desk());
      await window.shows("no telemetry yet");
      await append(setting, 1);
      await window.shows("1k · $0.25");
      await rm(setting.telemetry);
      await window.shows(/^(?:1k · \$0\.25|telemetry file missing)/);
      await append(setting, 2);
      await window.shows("2k · $0.50");
      await rename(setting.telemetry, rotated(setting));
      await appendFile(rotated(setting), eventLine({ number: 3 }));
      await append(setting, 4);
      await window.shows("4k · $1.00");
      await window.close();
    });

    test("may become unreadable and readable again", async () => {
      const { setting, window } = await begin(desk());
      await append(setting, 1);
      await window.shows("1k · $0.25");
      await rm(setting.telemetry);
      await writeFile(setting.telemetry, eventLine({ number: 2 }), { mode: 0o000 });
      await window.shows(/telemetry file unreadable/, 20_000);
      expect(await window.tone()).toBe("error");
      expect(await window.tooltip()).toContain("otel.jsonl");
      await chmod(setting.telemetry, 0o600);
      await window.shows("2k · $0.50", 20_000);
      expect(await window.tone()).toBe("plain");
      await window.close();
    });

    test("may be a folder for a while", async () => {
      const { setting, window } = await begin(desk());
      await append(setting, 1);
      await window.shows("1k · $0.25");
      await rm(setting.telemetry);
      await mkdir(setting.telemetry);
      await waitFor(
        "a word on the folder",
        async () => (await window.icons()).some((icon) => /error|alert|warning/.test(icon)),
        20_000,
      );
      await rmdir(setting.telemetry);
      await append(setting, 2);
      await window.shows("2k · $0.50", 20_000);
      await window.close();
    });

    test("may hold lines that are none", async () => {
      const { setting, window } = await begin(desk());
      await append(setting, 1);
      await appendFile(setting.telemetry, "no JSON\n{\0}\n");
      await append(setting, 2);
      await window.shows("2k · $0.50");
      await window.close();
    });
  },
  // What is read and shown is the child's, whatever the release.
  { launcher: unprivileged, which: newest },
);

async function begin(desk: Desk): Promise<{ setting: Setting; window: Window }> {
  const setting = await desk.prepare({ "cctelemetry.status.text": "{icon} {tokens} · {cost}" });
  return { setting, window: await desk.open(setting) };
}

function append({ telemetry }: Setting, number: number): Promise<void> {
  return appendFile(telemetry, eventLine({ number }));
}

function rotated({ telemetry }: Setting): string {
  return join(telemetry, "..", "otel-2026-11-21T01-52-55.790.jsonl");
}
