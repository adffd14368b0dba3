import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  closeSync,
  mkdirSync,
  openSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { underPermissions } from "../support/launchers.ts";
import { logrotate, lumberjack } from "../support/programs.ts";
import type { Scene, Schedule } from "../support/scene.ts";
import { pause } from "../support/waiting.ts";
import { appendBytes, beside } from "../support/writers.ts";

/** Schedules in which others have a hand: permissions, real programs, things that are no file. */
export const outsideSchedules: readonly Schedule[] = [
  {
    letter: "M",
    name: "permission lost",
    story: "the file may not be read for a while, twice, and then its folder",
    needs: ["setpriv"],
    launch: underPermissions,
    run: async (scene) => {
      appendBytes(scene.path, scene.text(20));
      const file = openSync(scene.path, "a");
      for (const place of [scene.path, scene.path, join(scene.path, "..")]) {
        writeSync(file, scene.text(20));
        await pause(300);
        const { mode } = statSync(place);
        chmodSync(place, 0);
        writeSync(file, scene.text(20));
        await pause(1_200);
        chmodSync(place, mode);
        await pause(200);
      }
      writeSync(file, scene.text(5));
      closeSync(file);
    },
  },
  {
    letter: "V",
    name: "logrotate",
    story:
      "Debian's logrotate: create three times and the writer reopens the file, then copytruncate three times",
    needs: ["logrotate"],
    run: async (scene) => {
      for (const way of ["create", "copytruncate"]) {
        for (let round = 0; round < 3; round++) {
          appendBytes(scene.path, scene.text(30));
          await scene.seen();
          appendBytes(scene.path, scene.text(way === "create" ? 20 : 0));
          turn(scene, way);
          await pause(100);
        }
      }
      appendBytes(scene.path, scene.text(10));
    },
  },
  {
    letter: "W",
    name: "lumberjack",
    story: "the Collector's real rotating writer, unbuffered and with a buffer that cuts lines",
    needs: ["lumberjack"],
    run: async (scene) => {
      for (const buffering of ["unbuffered", "buffered"]) {
        const writer = spawn(lumberjack(), [scene.path, buffering], {
          stdio: ["pipe", "inherit", "inherit"],
        });
        for (let chunk = 0; chunk < 60; chunk++) {
          writer.stdin.write(scene.text(40));
          await pause(15);
        }
        writer.stdin.end();
        await once(writer, "close");
      }
    },
  },
  {
    letter: "X",
    name: "no file for a while",
    story: "a directory, then a FIFO stand where the file was, then it comes back longer",
    needs: ["mkfifo"],
    run: async (scene) => {
      appendBytes(scene.path, scene.text(20));
      await scene.seen();
      const aside = beside(scene.path, "aside.data");
      renameSync(scene.path, aside);
      mkdirSync(scene.path);
      await pause(1_200);
      rmdirSync(scene.path);
      execFileSync("mkfifo", [scene.path]);
      await pause(1_200);
      rmSync(scene.path);
      appendBytes(aside, scene.text(20));
      renameSync(aside, scene.path);
      await pause(300);
      appendBytes(scene.path, scene.text(20));
    },
  },
];

/** Runs logrotate once, as cron would. */
function turn(scene: Scene, way: string): void {
  const config = join(scene.folder, "logrotate.conf");
  const state = join(scene.folder, "logrotate.state");
  writeFileSync(config, `"${scene.path}" {\n  rotate 9\n  size 1\n  nocompress\n  ${way}\n}\n`, {
    mode: 0o644,
  });
  chmodSync(join(scene.path, ".."), 0o755);
  execFileSync(logrotate() ?? "logrotate", ["--force", "--state", state, config]);
}
