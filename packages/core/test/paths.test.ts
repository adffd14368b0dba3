import { describe, expect, test } from "vitest";
import { defaultPlaces } from "../src/paths.ts";

const linux = { platform: "linux", home: "/home/ada" };

describe("default places", () => {
  test("on Linux follow XDG", () => {
    expect(defaultPlaces({ ...linux, env: {} })).toEqual({
      dataFolder: "/home/ada/.local/share/cctelemetry",
      configFolder: "/home/ada/.config/cctelemetry",
      cacheFolder: "/home/ada/.cache/cctelemetry",
      database: "/home/ada/.local/share/cctelemetry/telemetry.duckdb",
    });
    const env = { XDG_DATA_HOME: "/data", XDG_CONFIG_HOME: "relative", XDG_CACHE_HOME: "" };
    expect(defaultPlaces({ ...linux, env })).toMatchObject({
      database: "/data/cctelemetry/telemetry.duckdb",
      configFolder: "/home/ada/.config/cctelemetry",
      cacheFolder: "/home/ada/.cache/cctelemetry",
    });
  });

  test("on macOS lie in the Library", () => {
    const places = defaultPlaces({ platform: "darwin", home: "/Users/ada", env: {} });
    expect(places.database).toBe(
      "/Users/ada/Library/Application Support/cctelemetry/telemetry.duckdb",
    );
    expect(places.cacheFolder).toBe("/Users/ada/Library/Caches/cctelemetry");
  });

  test("on Windows lie in AppData", () => {
    const env = { LOCALAPPDATA: "D:\\Local" };
    const places = defaultPlaces({ platform: "win32", home: "C:\\Users\\ada", env });
    expect(places.database).toBe("D:\\Local\\cctelemetry\\telemetry.duckdb");
    expect(places.configFolder).toBe("C:\\Users\\ada\\AppData\\Roaming\\cctelemetry");
  });

  test("move with CCTELEMETRY_HOME, and the database with CCTELEMETRY_DB", () => {
    const env = { CCTELEMETRY_HOME: "/srv/cc", XDG_DATA_HOME: "/data" };
    expect(defaultPlaces({ ...linux, env })).toEqual({
      dataFolder: "/srv/cc",
      configFolder: "/srv/cc",
      cacheFolder: "/srv/cc/cache",
      database: "/srv/cc/telemetry.duckdb",
    });
    expect(defaultPlaces({ ...linux, env: { ...env, CCTELEMETRY_DB: "/x.duckdb" } }).database).toBe(
      "/x.duckdb",
    );
  });
});
