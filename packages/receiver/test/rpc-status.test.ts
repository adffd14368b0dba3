import protobuf from "protobufjs/light.js";
import { expect, test } from "vitest";
import { encodeRpcStatus, rpcCodes } from "../src/admission/rpc-status.ts";

/** Google's own messages, from rpc/status.proto and rpc/error_details.proto. */
const google = protobuf.Root.fromJSON({
  nested: {
    Any: { fields: { typeUrl: { id: 1, type: "string" }, value: { id: 2, type: "bytes" } } },
    Status: {
      fields: {
        code: { id: 1, type: "int32" },
        message: { id: 2, type: "string" },
        details: { id: 3, type: "Any", rule: "repeated" },
      },
    },
    Duration: { fields: { seconds: { id: 1, type: "int64" }, nanos: { id: 2, type: "int32" } } },
    RetryInfo: { fields: { retryDelay: { id: 1, type: "Duration" } } },
  },
});

function decode(bytes: Uint8Array, type: string): Record<string, unknown> {
  const message = google.lookupType(type);
  return message.toObject(message.decode(bytes), { longs: Number });
}

test("a status is what Google's descriptor reads", () => {
  const message = `kaputt — ${"x".repeat(300)}`;
  const status = decode(encodeRpcStatus({ code: rpcCodes.invalidArgument, message }), "Status");
  expect(status).toEqual({ code: 3, message });
});

test.each([1, 300])("asks to come again after %i s", (seconds) => {
  const status = { code: rpcCodes.unavailable, message: "full", retryAfterSeconds: seconds };
  const { details } = decode(encodeRpcStatus(status), "Status") as {
    details: { typeUrl: string; value: Buffer }[];
  };
  expect(details.map(({ typeUrl }) => typeUrl)).toEqual([
    "type.googleapis.com/google.rpc.RetryInfo",
  ]);
  const info = decode(details[0]?.value ?? new Uint8Array(), "RetryInfo");
  expect(info).toEqual({ retryDelay: { seconds } });
});
