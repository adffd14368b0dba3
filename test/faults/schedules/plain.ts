import { closeSync, openSync, writeFileSync, writeSync } from "node:fs";
import { clockFile, fakedClock } from "../support/launchers.ts";
import type { Scene, Schedule } from "../support/scene.ts";
import { pause } from "../support/waiting.ts";
import { appendBytes, CollectorWriter } from "../support/writers.ts";

const LINES = 200;

/** Schedules with one file that only grows: the difficulty is in the bytes, or in the reader. */
export const plainSchedules: readonly Schedule[] = [
  {
    letter: "A",
    name: "steady",
    story: "the Collector writes through its buffer of 4,096 bytes into a file that was not there",
    run: async (scene) => {
      await pause(300);
      await steadily(scene, new CollectorWriter(scene.path), LINES);
    },
  },
  {
    letter: "B",
    name: "partial line",
    story: "half of a line stands at the end of the file for 1.5 s, then its rest comes",
    before: (scene) => appendBytes(scene.path, scene.text(20)),
    run: async (scene) => {
      for (const [from, holdMs] of [
        [0.5, 1_500],
        [0.99, 300],
      ] as const) {
        const text = scene.text(1);
        const cut = Math.floor(text.length * from);
        appendBytes(scene.path, text.slice(0, cut));
        await pause(holdMs);
        appendBytes(scene.path, text.slice(cut) + scene.text(20));
      }
      const last = scene.text(1);
      appendBytes(scene.path, last.slice(0, -1));
      await pause(300);
      appendBytes(scene.path, last.slice(-1));
    },
  },
  {
    letter: "H",
    name: "reader killed",
    story: "kill -9 of the reader three times while the file grows, each time started again",
    run: async (scene) => {
      const writing = steadily(scene, new CollectorWriter(scene.path), 3 * LINES, 12);
      for (const waitMs of [150, 400, 320]) {
        await pause(waitMs);
        await scene.kill();
        await scene.start();
      }
      await writing;
    },
  },
  {
    letter: "O",
    name: "64 MB line",
    story: "one line of 64 MB with 4,096 records, written in pieces, between two ordinary ones",
    before: (scene) => appendBytes(scene.path, scene.text(5)),
    run: async (scene) => {
      const text = Buffer.from(scene.text(1, { records: 4_096, noteLength: 9_700 }));
      const file = openSync(scene.path, "a");
      const piece = 1 << 22;
      for (let at = 0; at < text.length; at += piece) {
        writeSync(file, text.subarray(at, at + piece));
        await pause(10);
      }
      closeSync(file);
      appendBytes(scene.path, scene.text(5));
      await pause(5_000);
    },
  },
  {
    letter: "P",
    name: "bad bytes",
    story: "a line with invalid UTF-8, a line of NULs, lines that are not JSON, among good ones",
    run: async (scene) => {
      appendBytes(scene.path, scene.text(20));
      const [before = "", after = ""] = scene.text(1).split('"claude-opus-5-5"');
      const bad = Buffer.concat([
        Buffer.from(`${before}"claude-`),
        Buffer.from([0xff, 0xfe, 0xc3]),
        Buffer.from(`"${after}`),
      ]);
      appendBytes(scene.path, bad);
      scene.ledger.damaged();
      for (const damage of ["\0".repeat(500), "not telemetry", '{"resourceLogs":[{]}', "{}}"]) {
        scene.ledger.damaged();
        appendBytes(scene.path, `${damage}\n${scene.text(10)}`);
        await pause(50);
      }
    },
  },
  {
    letter: "S",
    name: "glued lines",
    story:
      "the Collector is killed within a line and goes on behind it, three times (append: true)",
    run: async (scene) => {
      for (let round = 0; round < 3; round++) {
        const writer = new CollectorWriter(scene.path, { append: true });
        for (let line = 0; line < 20; line++) writer.line(scene.line());
        writer.flush();
        await pause(120);
        const torn = scene.unwritten();
        appendBytes(scene.path, torn.slice(0, Math.floor(torn.length * (0.3 + 0.3 * round))));
        scene.ledger.damaged();
        writer.crash();
        await pause(120);
      }
      await steadily(scene, new CollectorWriter(scene.path, { append: true }), 20);
    },
  },
  {
    letter: "T",
    name: "clock jumps",
    story: "the clock of the reader jumps 25 years ahead, 50 back, and home",
    needs: ["faketime"],
    launch: fakedClock,
    run: async (scene) => {
      const writing = steadily(scene, new CollectorWriter(scene.path), LINES, 15);
      for (const shift of ["+25y", "-25y", "+0"]) {
        await pause(450);
        writeFileSync(clockFile(scene.folder), `${shift}\n`);
      }
      await writing;
    },
  },
  {
    letter: "U",
    name: "two readers",
    story: "two followers of one file into one database, one of them killed and started again",
    readers: 2,
    run: async (scene) => {
      const writing = steadily(scene, new CollectorWriter(scene.path), 2 * LINES, 12);
      await pause(700);
      await scene.kill();
      await scene.start();
      await writing;
    },
  },
];

/** Writes lines at a pace, flushing now and then, and ends in order. */
async function steadily(
  scene: Scene,
  writer: CollectorWriter,
  lines: number,
  pauseMs = 4,
): Promise<void> {
  for (let line = 0; line < lines; line++) {
    writer.line(scene.line());
    if (line % 25 === 24) writer.flush();
    if (line % 4 === 3) await pause(pauseMs);
  }
  writer.close();
}
