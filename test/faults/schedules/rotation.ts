import {
  copyFileSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { gzipSync } from "node:zlib";
import type { Scene, Schedule } from "../support/scene.ts";
import { pause } from "../support/waiting.ts";
import {
  appendBytes,
  backupPath,
  beside,
  CollectorWriter,
  RotatingWriter,
} from "../support/writers.ts";

/** Schedules in which the name, the inode or the beginning of the file changes. */
export const rotationSchedules: readonly Schedule[] = [
  {
    letter: "C",
    name: "rename and create",
    story: "five rotations by rename and create, 100 ms apart",
    before: (scene) => appendBytes(scene.path, scene.text(20)),
    run: (scene) => rotate(scene, 5, 100),
  },
  {
    letter: "D",
    name: "the same, fast",
    story: "five rotations by rename and create, 10 ms apart",
    before: (scene) => appendBytes(scene.path, scene.text(20)),
    run: (scene) => rotate(scene, 5, 10),
  },
  {
    letter: "E",
    name: "copy and truncate",
    story: "the file is copied and emptied three times; its writer appends",
    run: async (scene) => {
      for (let round = 1; round <= 3; round++) {
        appendBytes(scene.path, scene.text(40));
        await scene.seen();
        copyFileSync(scene.path, `${scene.path}.${round}`);
        truncateSync(scene.path);
        await pause(50);
      }
      appendBytes(scene.path, scene.text(5));
    },
  },
  {
    letter: "F",
    name: "restart with truncation",
    story:
      "the Collector restarts: same inode, emptied, at once longer than it was (append: false)",
    run: async (scene) => {
      for (const lines of [30, 60, 20]) {
        const writer = new CollectorWriter(scene.path);
        for (let line = 0; line < lines; line++) writer.line(scene.line());
        writer.close();
        await scene.seen();
      }
    },
  },
  {
    letter: "G",
    name: "delete and recreate",
    story: "five times the file is deleted and created again, with the same inode as often as not",
    run: async (scene) => {
      for (let round = 0; round < 5; round++) {
        appendBytes(scene.path, scene.text(25));
        await scene.seen();
        rmSync(scene.path);
      }
      appendBytes(scene.path, scene.text(25));
    },
  },
  {
    letter: "I",
    name: "rotated while away",
    story: "five rotations while no reader runs",
    before: (scene) => appendBytes(scene.path, scene.text(20)),
    run: async (scene) => {
      await scene.seen();
      await scene.kill();
      await rotate(scene, 5, 0);
      await scene.start();
      appendBytes(scene.path, scene.text(5));
    },
  },
  {
    letter: "J",
    name: "NUL head",
    story: "copied and emptied while its writer keeps its offset: the file begins with NULs",
    run: async (scene) => {
      const writer = new CollectorWriter(scene.path);
      for (let round = 0; round < 2; round++) {
        for (let line = 0; line < 30; line++) writer.line(scene.line());
        writer.flush();
        await scene.seen();
        copyFileSync(scene.path, backupPath(scene.path, round));
        truncateSync(scene.path);
        scene.ledger.damaged();
      }
      for (let line = 0; line < 10; line++) writer.line(scene.line());
      writer.close();
    },
  },
  {
    letter: "K",
    name: "line cut by rotation",
    story: "an old exporter rotates within lines, a new one between a line and its newline",
    run: async (scene) => {
      for (const pieceBytes of [4_096, undefined]) {
        const writer = new RotatingWriter(scene.path, 60_000, pieceBytes);
        writer.rotations = pieceBytes === undefined ? 1_000 : 0;
        for (let line = 0; line < 160; line++) {
          writer.line(scene.line());
          if (line % 5 === 0) await pause(8);
        }
        writer.close();
      }
    },
  },
  {
    letter: "L",
    name: "symlink swapped",
    story: "the path is a symlink, set to another file thirty times",
    run: async (scene) => {
      for (let round = 0; round < 30; round++) {
        const target = beside(scene.path, `run-${round}.data`);
        writeFileSync(target, scene.text(3));
        const link = beside(scene.path, "next-link");
        symlinkSync(target, link);
        renameSync(link, scene.path);
        await pause(20);
        appendBytes(target, scene.text(2));
        await (round % 5 === 4 ? pause(250) : scene.seen());
      }
    },
  },
  {
    letter: "N",
    name: "deleted while read",
    story: "the file is deleted while its writer goes on; a new one comes later",
    run: async (scene) => {
      const writer = new CollectorWriter(scene.path);
      for (let line = 0; line < 50; line++) writer.line(scene.line());
      writer.flush();
      await scene.seen();
      for (let line = 0; line < 30; line++) writer.line(scene.line());
      writer.flush();
      unlinkSync(scene.path);
      for (let line = 0; line < 30; line++) writer.line(scene.line());
      writer.close();
      await pause(1_500);
      appendBytes(scene.path, scene.text(20));
    },
  },
  {
    letter: "Q",
    name: "equal beginnings",
    story: "ten resource attributes make the first 1.3 KB of all files equal, over five rotations",
    run: async (scene) => {
      for (let round = 0; round < 5; round++) {
        appendBytes(scene.path, scene.text(10, { resourceAttributes: 10 }));
        if (round === 2) {
          await scene.seen();
          await scene.kill();
        }
        renameSync(scene.path, backupPath(scene.path, round));
        if (round === 3) await scene.start();
        await pause(40);
      }
      appendBytes(scene.path, scene.text(10, { resourceAttributes: 10 }));
    },
  },
  {
    letter: "R",
    name: "compressed copies",
    story: "rotated files get a .gz beside them, then go; the reader is away for a while",
    run: async (scene) => {
      for (let round = 0; round < 4; round++) {
        appendBytes(scene.path, scene.text(20));
        if (round === 1) await scene.kill();
        const backup = backupPath(scene.path, round);
        renameSync(scene.path, backup);
        appendBytes(scene.path, scene.text(20));
        writeFileSync(`${backup}.gz`, gzipSync(readFileSync(backup)));
        if (round === 2) await scene.start();
        await pause(100);
        if (round !== 2) unlinkSync(backup);
      }
    },
  },
];

/** Rotations by rename and create, some lines before and after each. */
async function rotate(scene: Scene, times: number, pauseMs: number): Promise<void> {
  for (let round = 0; round < times; round++) {
    appendBytes(scene.path, scene.text(10));
    renameSync(scene.path, backupPath(scene.path, round));
    appendBytes(scene.path, scene.text(10));
    await pause(pauseMs);
  }
}
