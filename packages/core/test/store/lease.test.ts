import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test, vi } from "vitest";
import type { Session } from "../../src/store/session.ts";
import { openStoreWith } from "../../src/store/store.ts";
import { buildStoreChild, newFolder, output } from "./store-process.ts";

let script = "";
beforeAll(async () => {
  script = await buildStoreChild();
});

interface Leases {
  readonly writes: "bulk" | "small";
  /** How long each of them lasts, milliseconds. */
  readonly holdMs: number;
  readonly pauseMs: number;
}

/** Takes leases in a process of its own for a while; gives how long each of them was waited for. */
async function leases(path: string, { writes, holdMs, pauseMs }: Leases, forMs: number) {
  const args = [script, writes, path, ...[holdMs, pauseMs, forMs].map(String)];
  const waits: readonly number[] = JSON.parse(await output(process.execPath, args));
  return { count: waits.length, longest: Math.max(...waits), all: waits };
}

describe("several processes on one database", () => {
  test("bulk work without a pause lets two that write now and then go first", async () => {
    const path = join(await newFolder(), "t.duckdb");
    const live = { writes: "small", holdMs: 5, pauseMs: 100 } as const;
    const [bulk, one, two] = await Promise.all([
      leases(path, { writes: "bulk", holdMs: 150, pauseMs: 0 }, 6_000),
      leases(path, live, 6_000),
      leases(path, live, 6_000),
    ]);
    // Each waits for the lease that runs, and for one of the other.
    expect(Math.max(one.longest, two.longest)).toBeLessThan(3_000);
    expect(Math.min(one.count, two.count)).toBeGreaterThan(10);
    expect(bulk.count).toBeGreaterThan(5);
    expect(existsSync(`${path}.waiting`)).toBe(false);
  });

  test("bulk work has its turn although others never pause", async () => {
    const path = join(await newFolder(), "t.duckdb");
    const busy = { writes: "small", holdMs: 60, pauseMs: 0 } as const;
    const [bulk] = await Promise.all([
      leases(path, { writes: "bulk", holdMs: 20, pauseMs: 0 }, 6_000),
      leases(path, busy, 6_000),
      leases(path, busy, 6_000),
    ]);
    expect(bulk.count).toBeGreaterThan(3);
    expect(bulk.longest).toBeLessThan(5_000);
  });

  test("who waits is seen by who holds the database", async () => {
    const path = join(await newFolder(), "t.duckdb");
    const store = await openStoreWith({ statements: [] }, path);
    await store.writing(() => Promise.resolve());
    expect(store.contended).toBe(false);
    let other: ReturnType<typeof leases> | undefined;
    await store.writing(async () => {
      other = leases(path, { writes: "small", holdMs: 1, pauseMs: 0 }, 1);
      await new Promise((done) => setTimeout(done, 1_500));
    });
    expect(store.contended).toBe(true);
    expect(store.heldMs).toBeGreaterThan(1_400);
    expect((await other)?.longest).toBeGreaterThan(200);
    await new Promise((done) => setTimeout(done, 2_100));
    expect(store.contended).toBe(false);
    await store.close();
  });
});

describe("reads of one process", () => {
  const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

  async function written() {
    const path = join(await newFolder(), "t.duckdb");
    const store = await openStoreWith({ statements: [] }, path);
    await store.writing((session) => session.run("CREATE TABLE numbers AS SELECT 1 AS number"));
    return { store, path };
  }

  test("that wait for each other share a lease, and none with a write", async () => {
    const { store } = await written();
    const sessions: Session[] = [];
    const look = async (session: Session) => {
      sessions.push(session);
      return (await session.rows("SELECT count(*) AS count FROM numbers"))[0]?.["count"];
    };
    const counts = await Promise.all([
      store.reading(look),
      store.reading(look),
      store.writing(async (session) => {
        sessions.push(session);
        await session.run("INSERT INTO numbers VALUES (2)");
      }),
      store.reading(look),
    ]);
    expect(counts).toEqual([1n, 1n, undefined, 2n]);
    const [first, second, writing, last] = sessions;
    expect(second).toBe(first);
    expect(new Set([first, writing, last]).size).toBe(3);
    expect(sessions.map(({ steady }) => steady)).toEqual([true, true, false, true]);
    await store.close();
  });

  test("are kept apart if one of them fails", async () => {
    const { store } = await written();
    const look = (sql: string) => store.reading((session) => session.rows(sql));
    const outcomes = await Promise.allSettled([
      look("SELECT number FROM numbers"),
      look("SELECT number FROM nowhere"),
      look("SELECT number + 1 AS number FROM numbers"),
    ]);
    expect(outcomes).toMatchObject([
      { status: "fulfilled", value: [{ number: 1 }] },
      { status: "rejected" },
      { status: "fulfilled", value: [{ number: 2 }] },
    ]);
    await store.close();
  });

  test("are answered even if no new engine can be started, and so are those after them", async () => {
    const { store } = await written();
    const { staging } = store;
    const revive = vi.spyOn(staging, "revive").mockRejectedValueOnce(new Error("no memory"));
    const fatal = () => Promise.reject(new Error("FATAL Error: injected"));
    const look = () => store.reading((session) => session.rows("FROM numbers"));
    const outcomes = await Promise.allSettled([store.reading(fatal), look()]);
    expect(outcomes).toMatchObject([
      { status: "rejected", reason: { message: "no memory" } },
      { status: "fulfilled", value: [{ number: 1 }] },
    ]);
    expect(revive).toHaveBeenCalledTimes(2);
    await store.close();
  });

  test("share no longer than half a second, and not while another process waits", async () => {
    const { store, path } = await written();
    const slowly = async (ms: number) => {
      const sessions = new Set<Session>();
      const look = async (session: Session) => {
        sessions.add(session);
        await pause(ms);
      };
      await Promise.all(Array.from({ length: 6 }, () => store.reading(look)));
      return sessions.size;
    };
    expect(await slowly(1)).toBe(1);
    // Three looks of 200 ms fit into one lease, two on a machine that is slow.
    expect([2, 3]).toContain(await slowly(200));
    const others = leases(path, { writes: "small", holdMs: 1, pauseMs: 0 }, 2_500);
    await pause(1_000);
    expect(await slowly(60)).toBeGreaterThan(3);
    expect((await others).count).toBeGreaterThan(1);
    await store.close();
  });
});

/** Runs the command with a file system of 4 MB at `$0/disk`. */
const onSmallDisk = 'mount -t tmpfs -o size=4m small "$0/disk" && exec "$@"';
const mayMount = spawnSync("unshare", ["--map-root-user", "--mount", "true"]).status === 0;

test.runIf(mayMount)(
  "a full disk: an open store says so and goes on when there is room",
  async () => {
    const folder = await newFolder();
    const disk = join(folder, "disk");
    mkdirSync(disk);
    const child = [process.execPath, script, "full", join(disk, "t.duckdb"), join(disk, "filler")];
    const args = ["--map-root-user", "--mount", "sh", "-c", onSmallDisk, folder, ...child];
    const result: { codes: string[]; rows: number } = JSON.parse(await output("unshare", args));
    expect(result.codes).toEqual(["stored", "disk-full", "disk-full"]);
    // A commit that failed may have kept its rows all the same, in the log: all or none.
    expect((result.rows - 11) % 20_000).toBe(0);
  },
);
