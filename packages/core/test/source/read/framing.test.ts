import { describe, expect, test } from "vitest";
import { bufferReader } from "../../../src/source/codec/bytes.ts";
import { detectCompression } from "../../../src/source/codec/compression.ts";
import { type Content, detectContent } from "../../../src/source/read/framing.ts";
import { readHead } from "../../../src/source/read/head.ts";
import { frame, message, request, zstdFrame } from "../support.ts";

async function contentOf(bytes: Buffer | string): Promise<Content> {
  return detectContent(await readHead(bufferReader(Buffer.from(bytes))));
}

const line = request(1);
const torn = line.slice(0, 40);
const pretty = JSON.stringify(JSON.parse(line), null, 2);
const tabbed = JSON.stringify(JSON.parse(line), null, "\t").replaceAll("\n", "\r\n");

describe("lines", () => {
  test.each<[string, Buffer | string]>([
    ["one line", `${line}\n`],
    ["a line without its end", line],
    ["a beginning of a line (a live file)", torn],
    ["a first line longer than what is looked at", `{"resourceLogs":["${"x".repeat(300_000)}`],
    ["a torn first line before good ones", `${torn}\n${line}\n`],
    ["a line torn behind a bracket", `{"resourceLogs":[\n${line}\n`],
    ["a torn line glued to a whole one", `${torn}${line}\n${line}\n`],
    ["a line with an array of requests", `[${line}]\n`],
    ["a mark and a line", `\ufeff${line}\n`],
    ["blank lines first", `\n\r\n  \n${line}\n`],
    ["a newline that a rotation left", `\n${line}\n`],
    ["a hole first", `${"\0".repeat(300_000)}${line}\n`],
    ["only NULs", "\0".repeat(5000)],
    ["only line feeds", "\n\n"],
    ["garbage first", `garbage\nmore of it\n${line}\n`],
    ["the rest of a line that a rotation cut", `stringValue":"x"}}]}]}\n${line}\n`],
    ["only the rest of a line", 'alue":"x"}}]}]}\n'],
    ["a long rest of a line", `alue":"x"},${'{"key":"k","value":{}},'.repeat(10_000)}`],
    ["snake case", `${line.replace("resourceLogs", "resource_logs")}\n`],
    ["other JSON on lines", '{"a":1}\n{"b":2}\n'],
    ["prose", "# Title\n\nSome text: with a colon.\n"],
    ["lines of a log", "2026-11-21 INFO started\n2026-11-21 INFO ended\n"],
    ["coloured lines", "\x1b[36mcollector  |\x1b[0m ready\n"],
    ["blank lines enough for a frame", `${"\n".repeat(20)}prose\n`],
    ["blank lines like a message", "\n\n\n\n"],
    ["text of any kind", "ken\u6d41 of a prompt"],
    ["invalid UTF-8 in a line", Buffer.from('{"a":"\xff\xfe"}\n', "latin1")],
  ])("%s", async (_name, bytes) => {
    expect(await contentOf(bytes)).toBe("lines");
  });
});

describe("documents", () => {
  test.each<[string, string]>([
    ["a pretty-printed request", pretty],
    ["tabs and carriage returns", tabbed],
    ["several of them", `${pretty}\n${pretty}\n`],
    ["a mark in front", `\ufeff${pretty}`],
    ["an array over lines", `[\n${line},\n${line}\n]\n`],
    ["an array of pretty requests", JSON.stringify([JSON.parse(line)], null, 2)],
    ["a container opened on the first line", `{ "resourceLogs": [\n{"resource":{}},\n{}]}\n`],
    ["a key on the first line", '{ "resourceLogs":\n[\n{}\n]\n}'],
    ["commas first", '{ "schemaUrl": ""\n, "resourceLogs": []\n}'],
    ["more than what is looked at", JSON.stringify(Array(20_000).fill({ a: [1] }), null, 1)],
  ])("%s", async (_name, text) => {
    expect(await contentOf(text)).toBe("document");
  });
});

describe("frames", () => {
  test.each<[string, Buffer]>([
    ["zstd", frame(zstdFrame(Buffer.from(line)))],
    ["the beginning of a zstd frame", frame(zstdFrame(Buffer.from(line))).subarray(0, 30)],
    ["protobuf", Buffer.concat([frame(message("a")), frame(message("b"))])],
    ["the beginning of a protobuf frame", frame(message("x".repeat(1000))).subarray(0, 100)],
    ["JSON", Buffer.concat([frame(Buffer.from(line)), frame(Buffer.from(line))])],
    ["a length made of blanks", frame(message("x".repeat(0x0a0d - 15)))],
    ["a hole first", Buffer.concat([Buffer.alloc(999), frame(message("a"))])],
  ])("%s", async (_name, bytes) => {
    expect(await contentOf(bytes)).toBe("frames");
  });
});

describe("what is no telemetry", () => {
  test.each<[string, Buffer | string, Content]>([
    ["nothing", "", "empty"],
    ["a PNG", Buffer.from("89504e470d0a1a0a0000000d49484452000003", "hex"), "unknown"],
    ["an ELF program", Buffer.from("7f454c4602010100000000000000000003003e", "hex"), "unknown"],
    ["a DuckDB file", Buffer.from(`${"\0".repeat(8)}DUCK@\0\0\0`), "unknown"],
    ["UTF-16 before it is unpacked", Buffer.from(`\ufeff${line}\n`, "utf16le"), "unknown"],
  ])("%s", async (_name, bytes, content) => {
    expect(await contentOf(bytes)).toBe(content);
  });
});

test("compression is detected by the first bytes", () => {
  expect(detectCompression(Buffer.from("1f8b0800", "hex"))).toBe("gzip");
  expect(detectCompression(zstdFrame(Buffer.from("a")))).toBe("zstd");
  expect(detectCompression(Buffer.from("5e2a4d1800000000", "hex"))).toBe("zstd");
  expect(detectCompression(frame(zstdFrame(Buffer.from("a"))))).toBe("none");
  expect(detectCompression(Buffer.from("{"))).toBe("none");
  expect(detectCompression(Buffer.from(`\ufeff${line}`, "utf16le"))).toBe("utf16le");
  expect(detectCompression(Buffer.from(line, "utf16le"))).toBe("utf16le");
  expect(detectCompression(Buffer.from(line, "utf16le").swap16())).toBe("utf16be");
  expect(detectCompression(Buffer.from(`\ufeff${line}`, "utf16le").swap16())).toBe("utf16be");
  expect(detectCompression(Buffer.from("fffe00007b000000", "hex"))).toBe("none");
});

test.each<[string, Buffer, Content]>([
  ["one", message("a"), "body"],
  ["of two resources", Buffer.concat([message("a"), message("b")]), "body"],
  ["longer than what is looked at", message("x".repeat(300_000)), "body"],
  ["that breaks off", message("abc").subarray(0, -2), "unknown"],
  ["with something behind it", Buffer.concat([message("a"), Buffer.from("\0\0")]), "unknown"],
])("a protobuf message without a length in front: %s", async (_name, bytes, content) => {
  expect(await contentOf(bytes)).toBe(content);
});
