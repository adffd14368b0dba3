// Loaded before a measured program: reports at its end what the process used.
import { readFileSync, writeFileSync } from "node:fs";

process.on("exit", () => {
  const path = process.env["CCTELEMETRY_BENCH_USAGE"];
  if (path === undefined) return;
  const { userCPUTime, systemCPUTime } = process.resourceUsage();
  const cpuSeconds = (userCPUTime + systemCPUTime) / 1e6;
  writeFileSync(path, JSON.stringify({ cpuSeconds, peakBytes: peakBytes() }));
});

/**
 * Linux counts the memory of the parent at the fork into maxRSS, but not into VmHWM.
 */
function peakBytes() {
  try {
    const [, kilobytes] =
      /^VmHWM:\s*(\d+) kB/m.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
    if (kilobytes !== undefined) return Number(kilobytes) * 1024;
  } catch {
    // Not Linux.
  }
  return process.resourceUsage().maxRSS * 1024;
}
