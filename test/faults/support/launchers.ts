import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fakeClock } from "./programs.ts";
import type { ReaderWish } from "./readers.ts";

type Launch = Pick<ReaderWish, "launcher" | "env">;

/** Where the shift of a reader's clock is written, e.g. `+25y`. */
export function clockFile(folder: string): string {
  return join(folder, "clock");
}

/** Starts a reader with a clock that follows the clock file. */
export function fakedClock(folder: string): Launch {
  writeFileSync(clockFile(folder), "+0\n");
  return {
    env: {
      LD_PRELOAD: fakeClock() ?? "",
      FAKETIME_TIMESTAMP_FILE: clockFile(folder),
      FAKETIME_NO_CACHE: "1",
      FAKETIME_DONT_FAKE_MONOTONIC: "1",
    },
  };
}

/** Starts a reader that must obey permissions even where the tests run as root. */
export function underPermissions(): Launch {
  if (process.getuid?.() !== 0) return {};
  return { launcher: ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"] };
}
