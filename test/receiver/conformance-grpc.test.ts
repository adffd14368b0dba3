import { deflateSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  grpcRefusals,
  MAX_MESSAGE_BYTES,
  undecodableCalls,
} from "../../packages/receiver/test/support/grpc-cases.ts";
import {
  exportPath,
  framed,
  GrpcClient,
} from "../../packages/receiver/test/support/grpc-client.ts";
import { type Lab, startLab } from "./support/lab.ts";
import { encodeRequest, sample, signals } from "./support/requests.ts";

const OK = { httpStatus: 200, code: 0, body: Buffer.alloc(5) };

let lab: Lab;
let client: GrpcClient;
beforeAll(async () => {
  lab = await startLab({ maxBodyBytes: MAX_MESSAGE_BYTES });
  client = new GrpcClient(lab.grpc);
});
afterAll(async () => {
  client.close();
  await lab.close();
});

/** What a piece of work wrote into the file. */
async function writtenBy(work: () => Promise<void>): Promise<readonly string[]> {
  lab.newLines();
  await work();
  return lab.newLines();
}

describe.each(signals)("%s", (signal) => {
  const path = exportPath(signal);
  const codings = {
    identity: (bytes: Buffer) => framed(bytes),
    gzip: (bytes: Buffer) => framed(gzipSync(bytes), 1),
    deflate: (bytes: Buffer) => framed(deflateSync(bytes), 1),
    "gzip, not used": (bytes: Buffer) => framed(bytes),
  };

  test.each(Object.keys(codings) as (keyof typeof codings)[])("in %s", async (coding) => {
    const one = sample(signal, `grpc-${signal}-${coding}`);
    const headers = { "grpc-encoding": coding.split(",")[0] ?? "" };
    const written = await writtenBy(async () => {
      const answer = await client.call(path, codings[coding](one.body("protobuf")), headers);
      expect(answer).toMatchObject(OK);
      expect(answer.headers["content-type"]).toMatch(/^application\/grpc/);
    });
    expect(written).toEqual([one.line]);
  });

  test.each(["application/grpc+proto", "application/grpc;charset=utf-8", "application/grpc+x"])(
    "as %s",
    async (type) => {
      const one = sample(signal, `grpc-${signal}-${type}`);
      const written = await writtenBy(async () => {
        const body = framed(one.body("protobuf"));
        expect(await client.call(path, body, { "content-type": type })).toMatchObject(OK);
      });
      expect(written).toEqual([one.line]);
    },
  );

  test("byte by byte", async () => {
    const one = sample(signal, `grpc-${signal}-bytes`);
    const bytes = framed(one.body("protobuf"));
    const written = await writtenBy(async () => {
      const pieces = [...bytes].map((byte) => Uint8Array.of(byte));
      expect(await client.call(path, pieces)).toMatchObject(OK);
    });
    expect(written).toEqual([one.line]);
  });

  test("of the largest size", async () => {
    const room =
      MAX_MESSAGE_BYTES - sample(signal, `large-${signal}`, 1_000).body("protobuf").length;
    const one = sample(signal, `large-${signal}`, 1_000 + Math.floor(room / 2) - 8);
    const written = await writtenBy(async () => {
      expect(await client.call(path, framed(one.body("protobuf")))).toMatchObject(OK);
    });
    expect(written).toEqual([one.line]);
  });

  test("a hundred at once on one connection", async () => {
    const all = Array.from({ length: 100 }, (_, at) => sample(signal, `many-${signal}-${at}`));
    const written = await writtenBy(async () => {
      const calls = all.map((one) => client.call(path, framed(one.body("protobuf"))));
      for (const answer of await Promise.all(calls)) expect(answer).toMatchObject(OK);
    });
    expect([...written].sort()).toEqual(all.map(({ line }) => line).sort());
  });

  test("sent again is acknowledged and kept once", async () => {
    const one = sample(signal, `again-${signal}`);
    const written = await writtenBy(async () => {
      for (let time = 0; time < 3; time++) {
        expect(await client.call(path, framed(one.body("protobuf")))).toMatchObject(OK);
      }
    });
    expect(written).toEqual([one.line]);
  });

  test("without a record", async () => {
    const name = { logs: "resourceLogs", metrics: "resourceMetrics", traces: "resourceSpans" };
    const empty = encodeRequest(signal, { [name[signal]]: [{}] });
    const written = await writtenBy(async () => {
      expect(await client.call(path, framed(Buffer.alloc(0)))).toMatchObject(OK);
      expect(await client.call(path, framed(empty))).toMatchObject(OK);
    });
    expect(written).toEqual([]);
  });

  test.each([
    ["nonsense", Buffer.from([0x0a, 0xff, 0xff, 0x03, 0x01])],
    ["zeros", Buffer.alloc(64)],
    ["text", Buffer.from("hello")],
    ["a cut message", sample(signal, "cut").body("protobuf").subarray(0, -3)],
  ])("%s: INVALID_ARGUMENT", async (_, bytes) => {
    const written = await writtenBy(async () => {
      const answer = await client.call(path, framed(bytes));
      expect(answer).toMatchObject({ httpStatus: 200, code: 3 });
      expect(answer.message).not.toBe("");
    });
    expect(written).toEqual([]);
  });

  test.each([...undecodableCalls, ...grpcRefusals])(
    "$name: $code",
    async ({ code, body, headers = {} }) => {
      const written = await writtenBy(async () => {
        const answer = await client.call(path, body, headers);
        expect(answer).toMatchObject({ httpStatus: 200, code });
        expect(answer.headers["grpc-status-details-bin"]).toBeUndefined();
      });
      expect(written).toEqual([]);
    },
  );
});
