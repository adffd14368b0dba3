import { appendFileSync } from "node:fs";
import { expect, test } from "vitest";
import { eventLine } from "./support/lines.ts";
import { inEachRelease } from "./support/releases.ts";
import { pause, waitFor } from "./support/waiting.ts";
import { STATUS_ITEM, type Window } from "./support/window.ts";

const LINES = 30;

/** When a text was first seen in the item, milliseconds since 1970. */
type Sightings = readonly (readonly [text: string, time: number])[];

inEachRelease("an appended line", (desk) => {
  test("moves the status bar within a second", async () => {
    const setting = await desk().prepare({ "cctelemetry.status.text": "{tokens} · {cost}" });
    const window = await desk().open(setting);
    await window.shows("no telemetry yet");
    const seen = await sightings(window);
    const appended: number[] = [];
    for (let number = 1; number <= LINES; number++) {
      appended.push(Date.now());
      appendFileSync(setting.telemetry, eventLine({ number }));
      await pause(200 + 200 * Math.random());
    }
    await window.shows(`${LINES}k · $${(LINES / 4).toFixed(2)}`);
    const times = new Map(await seen());
    const delays = appended.map((time, index) => {
      const first = times.get(`${index + 1}k · $${((index + 1) / 4).toFixed(2)}`);
      return first === undefined ? Number.POSITIVE_INFINITY : first - time;
    });
    delays.sort((a, b) => a - b);
    const p95 = delays[Math.floor(LINES * 0.95)] ?? Number.NaN;
    process.stdout.write(
      `FIGURE vscode_${desk().release.vscode}_append_to_status_p50_ms=${delays[LINES / 2]} p95_ms=${p95} worst_ms=${delays.at(-1)}\n`,
    );
    expect(p95).toBeLessThanOrEqual(1000);
    await window.close();
  });
});

/** Notes every text of the item from now on. */
async function sightings(window: Window): Promise<() => Promise<Sightings>> {
  await window.page.evaluate(`(() => {
    const item = document.getElementById(${JSON.stringify(STATUS_ITEM)});
    globalThis.noted = [];
    new MutationObserver(() => {
      noted.push([item.textContent.replace(/\\s+/g, " ").trim(), Date.now()]);
    }).observe(item, { childList: true, subtree: true, characterData: true });
  })()`);
  return async () => {
    const read = (): Promise<Sightings> => window.page.evaluate<Sightings>("noted");
    await waitFor("sightings", async () => (await read()).length > 0);
    return read();
  };
}
