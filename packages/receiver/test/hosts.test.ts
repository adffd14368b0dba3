import { describe, expect, test } from "vitest";
import { isLoopback, originCheck } from "../src/admission/hosts.ts";
import { tokenCheck, tokenFault } from "../src/admission/token.ts";

const check = originCheck(["collector.local", "10.0.0.7"]);
const from = (host: string, more: { origin?: string; fetchSite?: string } = {}) =>
  check({ hosts: [host], origin: more.origin, fetchSite: more.fetchSite });

describe("a request may call this machine", () => {
  test.each([
    "localhost",
    "localhost:4318",
    "LOCALHOST:1",
    "127.0.0.1:4318",
    "[::1]:4318",
    "[::1]",
    "collector.local:4318",
    "10.0.0.7",
  ])("%s", (host) => expect(from(host)).toBeUndefined());

  test.each([
    "",
    "evil.example",
    "localhost.evil.example",
    "127.0.0.1.evil.example:4318",
    "127.0.0.2",
    "0.0.0.0:4318",
    "2130706433",
    "localhost:4318@evil.example",
    "user@localhost",
    "[::]:4318",
    "[::ffff:127.0.0.1]",
    "localhost, evil.example",
    "localhost:evil",
    "localhost.",
  ])("not %j", (host) => {
    expect(from(host)?.reason).toBe("host");
    expect(from(host)?.message).toMatch(/^(this host name|the host name \S+) is not allowed/);
  });

  test("by another name, and the answer says how to allow that", () => {
    expect(from("Host.docker.internal:4318")?.message).toBe(
      "the host name host.docker.internal is not allowed; collect --allow-host host.docker.internal lets it in",
    );
    expect(from("a b; rm -rf")?.message).toBe("this host name is not allowed");
    expect(from("x".repeat(101))?.message).toBe("this host name is not allowed");
  });

  test("by one name alone", () => {
    const none = check({ hosts: [], origin: undefined, fetchSite: undefined });
    expect(none?.message).toContain("one Host");
    const hosts = ["localhost", "localhost"];
    expect(check({ hosts, origin: undefined, fetchSite: undefined })?.message).toContain(
      "one Host",
    );
  });
});

test.each([
  [{ origin: "null" }],
  [{ origin: "http://localhost:4318" }],
  [{ origin: "" }],
  [{ fetchSite: "cross-site" }],
  [{ fetchSite: "same-site" }],
])("a page is not let in: %j", (more) => {
  expect(from("localhost", more)).toEqual({
    reason: "web-page",
    message: "requests of web pages are not taken",
  });
});

test.each([{}, { fetchSite: "none" }, { fetchSite: "same-origin" }])("%j is no page", (more) => {
  expect(from("localhost", more)).toBeUndefined();
});

test.each([
  ["127.0.0.1", true],
  ["127.9.9.9", true],
  ["::1", true],
  ["[::1]", true],
  ["localhost", true],
  ["::ffff:127.0.0.1", true],
  ["0.0.0.0", false],
  ["::", false],
  ["192.168.0.1", false],
  ["127.evil.example", false],
  ["127.0.0.999", false],
  ["", false],
])("%j is loopback: %j", (address, expected) => {
  expect(isLoopback(address)).toBe(expected);
});

test.each([
  ["Bearer correct-horse-battery", true],
  ["bearer  correct-horse-battery ", true],
  ["Bearer correct-horse-batterx", false],
  ["Bearer correct-horse", false],
  ["Bearer ", false],
  ["Basic correct-horse-battery", false],
  ["correct-horse-battery", false],
  ["", false],
  [undefined, false],
])("authorization %j opens: %j", (authorization, expected) => {
  expect(tokenCheck("correct-horse-battery")(authorization)).toBe(expected);
  expect(tokenCheck(undefined)(authorization)).toBe(true);
});

test.each([
  ["correct-horse-battery", undefined],
  ["short", "fewer than 16"],
  ["correct horse battery", "visible ASCII"],
  ["grüne-wiese-und-mehr", "visible ASCII"],
])("the token %j: %j", (token, fault) => {
  if (fault === undefined) expect(tokenFault(token)).toBeUndefined();
  else expect(tokenFault(token)).toContain(fault);
});
