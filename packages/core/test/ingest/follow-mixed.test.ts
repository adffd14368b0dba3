import { appendFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { Following, lines, until } from "../support/following.ts";
import { attribute, nanos, request, text } from "../support/protobuf-request.ts";
import { wire } from "../support/wire.ts";

const log = request(wire.fixed64(1, nanos), wire.varint(2, 9), text(5, "hello"));
const point = wire.of(1, wire.fixed64(3, nanos), wire.double(4, 1.5));
const metric = request(
  wire.of(1, "claude_code.cost.usage"),
  wire.of(2, "cost"),
  wire.of(3, "USD"),
  wire.of(5, point, attribute(7, "model", text(1, "a"))),
);

function frame(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

test("a file that mixes signals is reported, and keeps no other file from being read", async () => {
  const following = await Following.open();
  const mixed = following.path("a.pb");
  writeFileSync(mixed, Buffer.concat([frame(log), frame(metric)]));
  following.append("b.jsonl", lines(1));
  const follower = await following.start([""]);
  await following.expectStored([1]);
  following.append("b.jsonl", lines(2));
  await following.expectStored([1, 2]);
  appendFileSync(mixed, frame(log));
  following.append("b.jsonl", lines(3));
  await following.expectStored([1, 2, 3]);
  await until("it is reported", () => follower.troubles.some(({ path }) => path === mixed));
  expect(follower.storeError).toBeUndefined();
});
