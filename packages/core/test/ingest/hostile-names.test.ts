import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { TestStore } from "../support/test-store.ts";

let store: TestStore;
beforeEach(async () => {
  store = await TestStore.open();
});
afterEach(() => store.remove());

describe("names and values that mean something elsewhere", () => {
  const keys = [
    "__proto__",
    "constructor",
    "prototype",
    "toString",
    "hasOwnProperty",
    "",
    "a.b",
    '"',
  ];
  const attributes = keys.map((key) => ({ key, value: { stringValue: `value of ${key}` } }));

  test("are plain data as keys of attributes, of lists and of fields", async () => {
    const record = {
      timeUnixNano: "1",
      attributes: [
        ...attributes,
        { key: "nested", value: { kvlistValue: { values: attributes } } },
      ],
      __future: Object.fromEntries(keys.filter(Boolean).map((key) => [`${key}`, key])),
    };
    const line = JSON.stringify({
      resourceLogs: [
        { resource: { attributes }, scopeLogs: [{ scope: { attributes }, logRecords: [record] }] },
      ],
    }).replace('"__future"', '"__proto__"');
    await store.importText(`${line}\n`);
    expect(await store.rejected()).toEqual([]);
    for (const key of keys) {
      const pointer = `/${key}`;
      const [row] = await store.rows(
        `SELECT json_extract_string(coalesce(tags, '{}'), '${pointer}') AS tag,
           json_extract_string(attributes, '/nested${pointer}') AS nested
         FROM base.other_logs`,
      );
      expect(row).toEqual({ tag: `value of ${key}`, nested: `value of ${key}` });
    }
    expect(
      await store.value(
        "SELECT json_extract_string(other_fields, '/__proto__/constructor') FROM base.other_logs",
      ),
    ).toBe("constructor");
    expect(({} as Record<string, unknown>)["__future"]).toBeUndefined();
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  test("lone surrogates and NULs are stored and read", async () => {
    const attribute = (key: string, json: string): string =>
      `{"key":"${key}","value":{"stringValue":${json}}}`;
    const list = [
      attribute("lone", '"a\\ud800b"'),
      attribute("nul", '"a\\u0000b"'),
      attribute("model", '"m\\u0000n"'),
      attribute("\\udfff", '"x"'),
    ];
    await store.importText(
      `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"timeUnixNano":"1","body":{"stringValue":"\\ud83d"},"attributes":[${list}]}]}]}]}\n`,
    );
    const [row] = await store.rows("SELECT body, model, attributes FROM base.other_logs");
    expect(row).toMatchObject({ body: "\ufffd", model: "m\u0000n" });
    expect(JSON.parse(String(row?.["attributes"]))).toEqual({
      lone: "a\ufffdb",
      nul: "a\u0000b",
      "\ufffd": "x",
    });
  });

  test("duplicate keys of JSON: the last one counts", async () => {
    const record = `"timeUnixNano":"1","body":{"stringValue":"first"},"body":{"stringValue":"last"}`;
    const line = `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{${record}}]}]}]}`;
    await store.importText(`${line}\n`);
    expect(await store.rows("SELECT body FROM base.other_logs")).toEqual([{ body: "last" }]);
  });
});
