import fc from "fast-check";
import { type Json, list, object, raw, str } from "./json-text.ts";

/** Keys, texts and values of attributes, usual ones and odd ones. */

export const text: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom("", "a", "claude-opus-5", "sdk", "true", "false", "accept"),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      "0",
      "1",
      "-1",
      "007",
      "12345",
      "0.25",
      "1e-7",
      "1e999",
      "9007199254740993",
      "-0",
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      "<b>&</b>",
      "line\nbreak",
      'quote "',
      "back\\slash",
      "tab\t",
      "\u0000",
      "\u007f",
      "\u2028",
      "\ud800",
      "\udc00x",
      "\u{1f600}",
      "\ufeff",
      '"dataPoints":[',
      "}}",
      "]}",
    ),
  },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 40 }) },
  { weight: 1, arbitrary: fc.string({ unit: "grapheme", maxLength: 600 }) },
);

const keys = [
  "event.name",
  "event.timestamp",
  "event.sequence",
  "session.id",
  "model",
  "type",
  "prompt.id",
  "input_tokens",
  "cost_usd",
  "duration_ms",
  "success",
  "workflow_id",
  "stage",
  "user.email",
  "app.version",
  "service.name",
  "team",
  "unknown",
  "__proto__",
  "constructor",
  'key with "quotes"',
  "",
];
const key: fc.Arbitrary<string> = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom(...keys) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 8 }) },
);

const timestampText = fc
  .date({ min: new Date("1965-01-01"), max: new Date("2300-01-01"), noInvalidDate: true })
  .map((date) => date.toISOString());

export const integer: fc.Arbitrary<Json> = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value) => raw(`"${value}"`)),
  fc.integer().map((value) => raw(`"${value}"`)),
  fc.integer().map((value) => raw(String(value))),
  fc
    .constantFrom(
      "0",
      "-0",
      "1.0",
      "1e3",
      "9007199254740993",
      "-9223372036854775808",
      "999999999999999",
      "1000000000000000",
    )
    .map(raw),
  fc.constantFrom('"007"', '"-0"', '"9223372036854775807"', '"-9223372036854775808"').map(raw),
);

export const double: fc.Arbitrary<Json> = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => raw(String(value))),
  fc
    .constantFrom(
      "0",
      "-0",
      "12",
      "-12",
      "0.1",
      "1e+21",
      "1e-07",
      "1E5",
      "5e-324",
      "1.7976931348623157e308",
      "123456789012345678",
      "12345678901234567890",
      '"NaN"',
      '"Infinity"',
      '"-Infinity"',
      '"0.5"',
    )
    .map(raw),
);

export const { value: anyValue }: { value: fc.Arbitrary<Json> } = fc.letrec<{ value: Json }>(
  (tie) => ({
    value: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      { weight: 12, arbitrary: text.map((each) => object(["stringValue", str(each)])) },
      { weight: 2, arbitrary: timestampText.map((each) => object(["stringValue", str(each)])) },
      { weight: 4, arbitrary: integer.map((each) => object(["intValue", each])) },
      { weight: 4, arbitrary: double.map((each) => object(["doubleValue", each])) },
      {
        weight: 2,
        arbitrary: fc.boolean().map((each) => object(["boolValue", raw(String(each))])),
      },
      {
        weight: 1,
        arbitrary: fc.constantFrom(object(), object(["stringValue", raw("null")]), raw("null")),
      },
      {
        weight: 1,
        arbitrary: fc
          .base64String({ maxLength: 12 })
          .map((each) => object(["bytesValue", str(each)])),
      },
      {
        weight: 1,
        arbitrary: fc.constantFrom(
          object(["futureValue", list([raw("1"), raw('"x"')])]),
          object(["futureValue", raw("9007199254740993")], ["stringValue", str("x")]),
          object(["intValue", raw('"1"')], ["stringValue", str("x")]),
          object(["arrayValue", object(["values", list([])], ["futureField", raw("1")])]),
        ),
      },
      {
        weight: 1,
        arbitrary: fc.constant(object(["stringValue", str("a")], ["stringValue", str("b")])),
      },
      {
        weight: 1,
        arbitrary: fc
          .array(tie("value"), { maxLength: 3 })
          .map((items) =>
            object(["arrayValue", items.length === 0 ? object() : object(["values", list(items)])]),
          ),
      },
      {
        weight: 1,
        arbitrary: fc
          .array(fc.tuple(key, tie("value")), { maxLength: 3 })
          .map((items) =>
            object([
              "kvlistValue",
              object([
                "values",
                list(items.map(([k, v]) => object(["key", str(k)], ["value", v]))),
              ]),
            ]),
          ),
      },
    ),
  }),
);

const attribute: fc.Arbitrary<Json> = fc.oneof(
  {
    weight: 20,
    arbitrary: fc.tuple(key, anyValue).map(([k, v]) => object(["key", str(k)], ["value", v])),
  },
  { weight: 1, arbitrary: anyValue.map((v) => object(["value", v])) },
  { weight: 1, arbitrary: key.map((k) => object(["key", str(k)])) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(key, anyValue)
      .map(([k, v]) => object(["key", str(k)], ["value", v], ["futureField", raw("true")])),
  },
);
export const attributes: fc.Arbitrary<Json> = fc.array(attribute, { maxLength: 6 }).map(list);
