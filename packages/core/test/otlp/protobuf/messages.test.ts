import { Buffer } from "node:buffer";
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  classifyMessage,
  decodeMessage,
  type Signal,
} from "../../../src/otlp/protobuf/protobuf.ts";
import { linesOf, telemetry } from "../../support/fixtures.ts";
import {
  attribute,
  decoded,
  id8,
  id16,
  recordOf,
  request,
  text,
} from "../../support/protobuf-request.ts";
import { wire } from "../../support/wire.ts";

function messagesOf(file: string): Buffer[] {
  const bytes = readFileSync(join(telemetry, file));
  const messages: Buffer[] = [];
  for (let offset = 0; offset < bytes.length; ) {
    const length = bytes.readUInt32BE(offset);
    messages.push(bytes.subarray(offset + 4, offset + 4 + length));
    offset += 4 + length;
  }
  return messages;
}

function requestsOf(file: string): unknown[] {
  return linesOf(file).map((line) => JSON.parse(line.toString()));
}

const signalKeys: Record<Signal, string> = {
  logs: "resourceLogs",
  metrics: "resourceMetrics",
  traces: "resourceSpans",
};

/** Every record with its resource and scope, as text with sorted keys, sorted. */
function records(requests: readonly unknown[]): string[] {
  const found: string[] = [];
  for (const request of requests) {
    for (const entry of Object.values(request as object).flat()) {
      const scopes = entry.scopeLogs ?? entry.scopeMetrics ?? entry.scopeSpans ?? [];
      for (const scope of scopes) {
        for (const record of scope.logRecords ?? scope.metrics ?? scope.spans ?? []) {
          const around = [entry.resource, entry.schemaUrl, scope.scope, scope.schemaUrl];
          found.push(canonical([...around, record]));
        }
      }
    }
  }
  return found.sort();
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

describe("files of the Collector", () => {
  const files = readdirSync(join(telemetry, "modes/proto")).filter((name) => name.endsWith(".pb"));

  test("there are some of each signal", () => {
    expect(new Set(files.map((file) => file.split(".").at(-2)))).toEqual(
      new Set(["logs", "metrics", "traces"]),
    );
  });

  test.each(files)("%s has the records of the JSON lines", (file) => {
    const [run, signal] = basename(file, ".pb").split(".") as [string, Signal];
    const messages = messagesOf(`modes/proto/${file}`);
    const requests = messages.map((message) => decoded(message, signal));

    expect(messages.map(classifyMessage)).toEqual(messages.map(() => [signal]));
    const lines = requestsOf(`${run}.jsonl`).filter(
      (line) => signalKeys[signal] in (line as object),
    );
    expect(records(requests).length).toBeGreaterThan(0);
    expect(records(requests)).toEqual(records(lines));
    expect(requests.map(canonical).sort()).toEqual(lines.map(canonical).sort());
  });

  test("a file of mixed signals: each message shows its own", () => {
    const messages = messagesOf("edge/framings/proto.bin");
    const lines = requestsOf("edge/framings/json.jsonl");
    const keys = lines.map((line) => Object.keys(line as object)[0]);

    expect(messages.map((message) => classifyMessage(message).map((s) => signalKeys[s]))).toEqual(
      keys.map((key) => [key]),
    );
    expect(messages.map((message) => canonical(decoded(message)))).toEqual(lines.map(canonical));
  });
});

describe("distinguishing signals", () => {
  test("messages without records are of any signal", () => {
    const all = ["logs", "metrics", "traces"];
    for (const empty of [Buffer.alloc(0), wire.of(1), wire.of(1, wire.of(2)), request()]) {
      expect(classifyMessage(empty)).toEqual(all);
      expect(decodeMessage(empty)).toEqual({ kind: "ambiguous", signals: all });
      expect(decodeMessage(empty, "logs").kind).toBe("request");
    }
  });

  test("a metric with a name as long as a trace id is a metric", () => {
    const metric = [wire.of(1, "claude_code.cost"), wire.of(2, "8 letter"), wire.of(3, "USD")];
    expect(classifyMessage(request(...metric, wire.of(5, wire.of(1))))).toEqual(["metrics"]);
  });

  test("a span without times is a span where its name is no metric's gauge", () => {
    const span = request(wire.of(1, id16), wire.of(2, id8), wire.of(5, "claude_code.interaction"));
    expect(classifyMessage(span)).toEqual(["traces"]);
  });

  test("a log record without any time is a log record", () => {
    const log = request(text(5, "claude_code.api_request"), attribute(6, "a", wire.of(1, "b")));
    expect(classifyMessage(log)).toEqual(["logs"]);
  });

  test("text that is not UTF-8 does not lose a message", () => {
    const log = request(wire.fixed64(1, 1n), text(5, "x"), wire.of(3, Buffer.from([255])));
    expect(classifyMessage(log)).toEqual(["logs"]);
    expect(recordOf(log, "logs")).toMatchObject({ severityText: "\ufffd" });
  });

  test("another signal's message is refused with the field that does not fit", () => {
    const log = request(wire.fixed64(1, 1n));
    expect(decodeMessage(log, "metrics")).toEqual({
      kind: "invalid",
      detail: "Metric.name has wire type 1",
    });
  });
});

describe("bytes that are no message", () => {
  test.each([
    ["text", Buffer.from('{"resourceLogs":[]}')],
    ["a length beyond the end", Buffer.from([0x0a, 0x7f, 1])],
    ["a varint without end", Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff])],
    ["field 0", Buffer.from([0x02, 0x00])],
    ["another field", wire.varint(2, 1)],
    ["a group", Buffer.from([0x0b, 0x0c])],
  ])("%s", (_, bytes) => {
    expect(classifyMessage(bytes)).toEqual([]);
    expect(decodeMessage(bytes).kind).toBe("invalid");
    expect(decodeMessage(bytes, "logs").kind).toBe("invalid");
  });

  test("values within values to the depth of 10,000", () => {
    let value = wire.of(1, "x");
    for (let depth = 0; depth < 10_000; depth++) value = wire.of(5, wire.of(1, value));
    const bytes = request(wire.fixed64(1, 1n), wire.of(5, value));
    expect(classifyMessage(bytes)).toEqual([]);
    expect(decodeMessage(bytes, "logs")).toMatchObject({ kind: "invalid" });
  });

  test("any bytes, and real ones cut or changed anywhere, never throw", () => {
    const real = messagesOf("edge/framings/proto.bin");
    const changed = fc
      .tuple(fc.constantFrom(...real), fc.nat(), fc.nat(255), fc.boolean())
      .map(([message, at, byte, cut]) => {
        const copy = Buffer.from(message);
        copy[at % copy.length] = byte;
        return cut ? copy.subarray(0, at % copy.length) : copy;
      });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), changed), (bytes) => {
        for (const signal of classifyMessage(bytes)) decodeMessage(bytes, signal);
        decodeMessage(bytes);
        return true;
      }),
      { numRuns: 300 },
    );
  });
});
