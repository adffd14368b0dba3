import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { absolute } from "../../support/source-tree.ts";

const lumberjackSources = "/usr/share/gocode/src/gopkg.in/natefinch/lumberjack.v2";

/** What each program is, and how its presence is detected. */
const probes: Readonly<Record<string, () => boolean>> = {
  tail: () =>
    spawnSync("tail", ["--version"], { encoding: "utf8" }).stdout?.includes("GNU") === true,
  logrotate: () => logrotate() !== undefined,
  faketime: () => fakeClock() !== undefined,
  nsenter: () => spawnSync("nsenter", ["--version"]).status === 0,
  setpriv: () => spawnSync("setpriv", ["--version"]).status === 0,
  mkfifo: () => spawnSync("mkfifo", ["--version"]).status === 0,
  lumberjack: () => spawnSync("go", ["version"]).status === 0 && existsSync(lumberjackSources),
  strace: () => spawnSync("strace", ["-f", "true"]).status === 0,
  unshare: () => spawnSync("unshare", ["--map-root-user", "--mount", "true"]).status === 0,
};

/** Those of the programs that this machine does not have. */
export function missingPrograms(names: readonly string[]): readonly string[] {
  return names.filter((name) => probes[name]?.() !== true);
}

/** Debian's logrotate; it stands where only root's path leads. */
export function logrotate(): string | undefined {
  return ["/usr/sbin/logrotate", "/usr/bin/logrotate"].find((path) => existsSync(path));
}

/** The library of faketime that a process is started with. */
export function fakeClock(): string | undefined {
  const libraries = ["/usr/lib", "/usr/lib64"];
  const folders = libraries.flatMap((place) => (existsSync(place) ? foldersIn(place) : []));
  return folders
    .map((folder) => join(folder, "faketime", "libfaketime.so.1"))
    .find((path) => existsSync(path));
}

function foldersIn(place: string): string[] {
  const entries = readdirSync(place, { withFileTypes: true });
  return [
    place,
    ...entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(place, name)),
  ];
}

let lumberjackProgram: string | undefined;

/** Compiles the real lumberjack with a main that writes its standard input line by line. */
export function lumberjack(): string {
  if (lumberjackProgram !== undefined) return lumberjackProgram;
  const folder = absolute(".cache/faults");
  mkdirSync(folder, { recursive: true });
  const program = join(folder, "lumberjack");
  execFileSync("go", ["build", "-o", program, absolute("test/faults/support/lumberjack.go")], {
    env: {
      ...process.env,
      GO111MODULE: "off",
      GOPATH: "/usr/share/gocode",
      GOCACHE: join(folder, "go"),
    },
  });
  lumberjackProgram = program;
  return program;
}
