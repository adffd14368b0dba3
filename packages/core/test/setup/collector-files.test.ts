import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { collectorConfig, composeFile } from "../../src/setup/collector-files.ts";

const input = {
  telemetryFolder: "/home/a b/otlp",
  rotateMegabytes: 100,
  owner: { user: 7, group: 8 },
};

/** What a Collector takes from its environment, or else. */
const variable = (name: string, otherwise: string): string =>
  `\${env:CCTELEMETRY_${name}:-${otherwise}}`;

describe("a Collector's configuration", () => {
  test("listens on loopback alone, keeps its memory small and writes lines that rotate", () => {
    const config = parse(collectorConfig(input));
    const { http, grpc } = config.receivers.otlp.protocols;
    expect(http.endpoint).toBe(`${variable("LISTEN", "127.0.0.1")}:4318`);
    expect(grpc.endpoint).toBe(`${variable("LISTEN", "127.0.0.1")}:4317`);
    expect(config.processors.memory_limiter).toMatchObject({
      check_interval: "1s",
      limit_mib: 256,
    });
    expect(config.exporters.file).toEqual({
      path: `${variable("FOLDER", "/home/a b/otlp")}/collector.jsonl`,
      format: "json",
      rotation: { max_megabytes: 100, max_backups: 100 },
    });
    for (const signal of ["metrics", "logs", "traces"]) {
      expect(config.service.pipelines[signal]).toEqual({
        receivers: ["otlp"],
        processors: ["memory_limiter"],
        exporters: ["file"],
      });
    }
  });

  test("appends and flushes each second where it does not rotate", () => {
    const { file } = parse(collectorConfig({ ...input, rotateMegabytes: 0 })).exporters;
    expect(file).toMatchObject({ append: true, flush_interval: "1s" });
    expect(file).not.toHaveProperty("rotation");
  });

  test("never asks for what a Collector refuses together", () => {
    for (const rotateMegabytes of [0, 1, 100]) {
      const { file } = parse(collectorConfig({ ...input, rotateMegabytes })).exporters;
      expect("append" in file && "rotation" in file).toBe(false);
    }
  });

  test("names a folder of Windows with slashes, and refuses one it cannot name", () => {
    const named = (telemetryFolder: string) => collectorConfig({ ...input, telemetryFolder });
    expect(parse(named("C:\\Users\\a\\otlp")).exporters.file.path).toContain(":-C:/Users/a/otlp}/");
    expect(() => named("/home/$x")).toThrow("cannot be configured to write to /home/$x");
  });
});

describe("a compose file", () => {
  test("publishes on loopback alone and writes as the user", () => {
    const { collector } = parse(composeFile(input)).services;
    expect(collector.ports).toEqual(["127.0.0.1:4317:4317", "127.0.0.1:4318:4318"]);
    expect(collector.user).toBe("7:8");
    expect(collector.volumes[1]).toEqual({
      type: "bind",
      source: "/home/a b/otlp",
      target: collector.environment.CCTELEMETRY_FOLDER,
    });
    expect(collector.image).toMatch(/:\d+\.\d+\.\d+$/);
  });

  test("names no user where the system has none", () => {
    const { collector } = parse(composeFile({ ...input, owner: undefined })).services;
    expect(collector).not.toHaveProperty("user");
  });
});
