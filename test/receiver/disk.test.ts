import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { randomFrom } from "../../bench/support/random.mjs";
import { seed } from "../../packages/core/test/support/runs.ts";
import {
  exportPath,
  framed,
  GrpcClient,
} from "../../packages/receiver/test/support/grpc-client.ts";
import { inTurn } from "../faults/support/in-turn.ts";
import { leftOut, noteResult } from "../faults/support/results.ts";
import { SmallDisk } from "../faults/support/small-disk.ts";
import { imported, query, testFolder } from "../support/cli.ts";
import { type CollectProcess, startCollect } from "./support/collect-process.ts";
import { exporter, protocols } from "./support/exporters.ts";
import { type Answer, send, statusIn } from "./support/http-client.ts";
import { linesBeside } from "./support/lab.ts";
import { encodings, mediaTypes, sample, sampleId } from "./support/requests.ts";

/** Every fault where the bench asks for it; so many of them otherwise. */
const every = process.env["FAULTS_EVERY"] === "1";
const SAMPLE = 10;
/** One fault as a failure names it, e.g. `fdatasync:error=EIO at 2`, to repeat it. */
const only = process.env["FAULTS_ONLY"];

const DISK_KILOBYTES = 2_048;
/** What is left for telemetry until there is space again. */
const ROOM_BYTES = 500_000;

function post(to: CollectProcess, id: string, padding = 0, at = 0): Promise<Answer> {
  const encoding = encodings[at % 2] ?? "json";
  return send(to.http, {
    path: "/v1/logs",
    headers: { "content-type": mediaTypes[encoding] },
    body: sample("logs", id, padding).body(encoding),
  });
}

const full = "a full disk under the receiver";

describe.skipIf(leftOut(full, ["unshare", "nsenter"]))(full, () => {
  test("it answers 503, stays, and goes on when there is space", async () => {
    const folder = await testFolder();
    const disk = await SmallDisk.mount(folder, DISK_KILOBYTES);
    try {
      const collect = await startCollect({
        output: disk.inside("telemetry.jsonl"),
        launcher: disk.launcher,
      });
      const acknowledged: string[] = [];
      await disk.fill(ROOM_BYTES);
      await fillWith(collect, acknowledged);
      await refuses(collect);
      // Real exporters wait for the space that is to come, as far as they wait at all.
      const waiting = protocols.slice(0, 2).map((protocol) => {
        const client = exporter({ protocol, signal: "logs", ...collect });
        // A line that is longer than what may be left of a page.
        const ids = Array.from({ length: 30 }, (_, at) => `late-${protocol}-${at}`);
        acknowledged.push(ids[0] ?? "");
        return client.send(ids).finally(() => client.close());
      });
      await refuses(collect);
      expect(whole(disk)).toEqual(acknowledged.slice(0, -2));
      await disk.empty();
      expect(await Promise.all(waiting)).toEqual([undefined, undefined]);
      expect(await post(collect, "after")).toMatchObject({ status: 200 });
      expect(await health(collect)).toBe(200);
      expect(whole(disk).sort()).toEqual([...acknowledged, "after"].sort());
      collect.running.signal("SIGTERM");
      expect(await collect.running.ended).toBe(0);
      noteResult({ part: "R6", what: "receiver", acknowledged: acknowledged.length, lost: 0 });
    } finally {
      await disk.unmount();
    }
  });

  /** Sends until nothing more fits; leaves room for nothing. */
  async function fillWith(collect: CollectProcess, acknowledged: string[]): Promise<void> {
    for (let at = 0; at < 200; at++) {
      // Ever smaller ones, so that the last page is used up, too.
      const { status } = await post(collect, `fill-${at}`, at < 20 ? 20_000 : 0, at);
      if (status === 200) acknowledged.push(`fill-${at}`);
      else if (at >= 20) return;
    }
    throw new Error("the disk is never full");
  }

  /** Says by every protocol that it cannot, and that another try is welcome. */
  async function refuses(collect: CollectProcess): Promise<void> {
    for (const at of [0, 1]) {
      const answer = await post(collect, `refused-${at}`, 0, at);
      expect(answer.status).toBe(503);
      expect(Number(answer.headers["retry-after"])).toBeGreaterThanOrEqual(1);
      expect(statusIn(answer)).toMatchObject({ code: 14 });
    }
    const client = new GrpcClient(collect.grpc);
    const body = framed(sample("logs", "refused").body("protobuf"));
    const answer = await client.call(exportPath("logs"), body);
    client.close();
    expect(answer).toMatchObject({ code: 14 });
    expect(answer.headers["grpc-status-details-bin"]).toBeDefined();
    expect(await health(collect)).toBe(503);
  }

  /** The ids in the file, which must hold whole lines and nothing else. */
  function whole(disk: SmallDisk): string[] {
    const text = readFileSync(disk.seen("telemetry.jsonl"), "utf8");
    expect(text.endsWith("\n")).toBe(true);
    const lines = text.split("\n").slice(0, -1);
    for (const line of lines) JSON.parse(line);
    return lines.map((line) => sampleId(line) ?? "?");
  }
});

async function health({ http }: CollectProcess): Promise<number> {
  return (await send(http, { method: "GET", path: "/health" })).status;
}

/** Calls on the file and what they come to; writes that are cut short need a disk that is full. */
const calls = [
  "writev:error=EIO",
  "writev:error=ENOSPC",
  "writev:error=EDQUOT",
  "writev:error=EINTR",
  "write:error=EIO",
  "write:error=ENOSPC",
  "fdatasync:error=EIO",
  "fdatasync:error=ENOSPC",
  "ftruncate:error=EIO",
  "openat:error=EMFILE",
  "openat:error=EACCES",
  "openat:error=EIO",
  "rename:error=EACCES",
];
/** Which of them fails: one of the first, or all from the second on up to the third. */
const moments = ["1", "2", "3", "2..4"];

interface Fault {
  readonly call: string;
  readonly when: string;
}

const faulty = `faults of the receiver's own calls (FAULT_SEED=${seed})`;

describe.skipIf(leftOut(faulty, ["strace"]))(faulty, () => {
  test("nothing that was acknowledged is lost, and it recovers", async () => {
    const folder = await testFolder();
    const faults = chosen();
    const wrong: string[] = [];
    await inTurn(faults, async (fault, index) => {
      const found = await survive(join(folder, String(index)), fault);
      if (found !== undefined) wrong.push(`${fault.call} at ${fault.when}: ${found}`);
    });
    noteResult({ part: "R5", what: "receiver", faults: faults.length, silent: wrong });
    expect(wrong).toEqual([]);
  }, 1_800_000);
});

function chosen(): readonly Fault[] {
  const all = calls.flatMap((call) => moments.map((when) => ({ call, when })));
  if (only !== undefined) return all.filter(({ call, when }) => `${call} at ${when}` === only);
  if (every) return all;
  const random = randomFrom(seed);
  return Array.from({ length: SAMPLE }, () => random.pick(all));
}

const REQUESTS = 12;
const TRIES = 20;
/** So long that the file is rotated after some of them. */
const PADDING = 80_000;

/** Sends to a receiver with a fault, each request until it is kept; returns what is wrong in the end. */
async function survive(folder: string, fault: Fault): Promise<string | undefined> {
  const output = join(folder, "telemetry.jsonl");
  // The fault may hit the very start, and then the program must say so.
  const collect = await begin(output, fault);
  if (collect instanceof Error) {
    return /ended with 1: .*telemetry\.jsonl/s.test(collect.message) ? undefined : collect.message;
  }
  const ids = Array.from({ length: REQUESTS }, (_, at) => `kept-${at}`);
  for (const [at, id] of ids.entries()) {
    const said = await sendUntilKept(collect, id, at);
    if (said !== undefined) return said;
  }
  collect.running.signal("SIGTERM");
  const code = await collect.running.ended;
  if (code !== 0) return `ended with ${code}: ${collect.running.stderr()}`;
  const inFile = new Set(linesBeside(output).map(sampleId));
  const lost = ids.filter((id) => !inFile.has(id));
  if (lost.length > 0) return `lost ${lost.join()}`;
  const database = await imported(folder, [folder]);
  const rows = await query(database, "SELECT request_id AS id FROM log_records ORDER BY time");
  const stored = rows.map(({ id }) => String(id)).sort();
  return String(stored) === String([...ids].sort()) ? undefined : `stored ${stored.join()}`;
}

function begin(output: string, { call, when }: Fault): Promise<CollectProcess | Error> {
  const [name = "", outcome = ""] = call.split(":");
  const fault = `inject=${name}:${outcome}:when=${when}`;
  const only = ["-P", output, "-e", `trace=${name}`, "-e", fault];
  const launcher = ["strace", "-D", "-f", "-qq", "-o", "/dev/null", ...only];
  const options = ["--rotate-mb", "1"];
  return startCollect({ output, launcher, options }).catch((error: unknown) =>
    error instanceof Error ? error : new Error(String(error)),
  );
}

async function sendUntilKept(
  collect: CollectProcess,
  id: string,
  at: number,
): Promise<string | undefined> {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const answer = await post(collect, id, PADDING, at);
    if (answer.status === 200) return undefined;
    if (answer.status !== 503) return `answered ${answer.status}: ${answer.body}`;
    if (answer.headers["retry-after"] === undefined) return "503 without Retry-After";
  }
  return `never kept ${id}`;
}
