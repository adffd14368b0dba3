import { describe, expect, test } from "vitest";
import { defaultPlaces, expandHome } from "../src/paths.ts";

const linux = { platform: "linux", home: "/home/ada" };

describe("default places", () => {
  test("on Linux follow XDG", () => {
    expect(defaultPlaces({ ...linux, env: {} })).toEqual({
      dataFolder: "/home/ada/.local/share/cctelemetry",
      telemetryFolder: "/home/ada/.local/share/cctelemetry/otlp",
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
      telemetryFolder: "/srv/cc/otlp",
      configFolder: "/srv/cc",
      cacheFolder: "/srv/cc/cache",
      database: "/srv/cc/telemetry.duckdb",
    });
    expect(defaultPlaces({ ...linux, env: { ...env, CCTELEMETRY_DB: "/x.duckdb" } }).database).toBe(
      "/x.duckdb",
    );
  });
});

describe("a path in front of which no shell has put the home directory", () => {
  const windows = { platform: "win32", home: "C:\\Users\\ada" };

  test.each([
    ["~", "/home/ada"],
    ["~/x.duckdb", "/home/ada/x.duckdb"],
    ["$HOME/x.duckdb", "/home/ada/x.duckdb"],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a shell would expand it
    ["${HOME}/a b", "/home/ada/a b"],
    ["~bob/x", undefined],
    ["./~bob/x", "./~bob/x"],
    ["~bob.jsonl", "~bob.jsonl"],
    ["$HOMER/x", "$HOMER/x"],
    ["%USERPROFILE%/x", "%USERPROFILE%/x"],
    ["a/~/x", "a/~/x"],
    ["-", "-"],
    ["", ""],
  ])("%s on Linux is %s", (written, path) => expect(expandHome(written, linux)).toBe(path));

  test.each([
    ["~\\x.duckdb", "C:\\Users\\ada\\x.duckdb"],
    ["~/x.duckdb", "C:\\Users\\ada\\x.duckdb"],
    ["%UserProfile%\\x.duckdb", "C:\\Users\\ada\\x.duckdb"],
    ["$HOME/x.duckdb", "C:\\Users\\ada\\x.duckdb"],
    ["C:\\x.duckdb", "C:\\x.duckdb"],
    ["~1\\x", "~1\\x"],
  ])("%s on Windows is %s", (written, path) => expect(expandHome(written, windows)).toBe(path));

  test("is none where there is no home directory", () => {
    const homeless = { platform: "linux", home: "" };
    expect(expandHome("~/x", homeless)).toBeUndefined();
    expect(expandHome("/x", homeless)).toBe("/x");
    const env = { CCTELEMETRY_HOME: "/srv/cc", CCTELEMETRY_DB: "~/x.duckdb" };
    expect(defaultPlaces({ ...homeless, env }).database).toBe("");
    expect(defaultPlaces({ ...homeless, env: { CCTELEMETRY_HOME: "~/cc" } }).database).toBe("");
  });

  test("moves the default places", () => {
    const env = { CCTELEMETRY_HOME: "~/cc", CCTELEMETRY_DB: "$HOME/x.duckdb" };
    expect(defaultPlaces({ ...linux, env })).toMatchObject({
      cacheFolder: "/home/ada/cc/cache",
      database: "/home/ada/x.duckdb",
    });
  });
});
