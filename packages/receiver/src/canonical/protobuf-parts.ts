import { type LengthField, lengthFields } from "@cctelemetry/core/otlp";
import { checkPartSize, type Dissection } from "./dissection.ts";
import { quoted } from "./scalars.ts";
import { writeProtobuf } from "./written.ts";

/** The fields of an entry, of a resource as of a scope (opentelemetry-proto logs/v1 and its like). */
const CONTEXT = 1;
const SCHEMA_URL = 3;

/** Takes a request in protobuf apart, of which it is known that it fits its type. */
export function dissectProtobuf(body: Uint8Array): Dissection<Uint8Array> {
  return {
    request: ({ id }) => contents(lengthFields(body), id),
    entry: (part, _context, { id }) => {
      const contexts = [...contents(lengthFields(part), CONTEXT)];
      const schemaUrl = [...contents(lengthFields(part), SCHEMA_URL)].at(-1);
      return {
        // A message that comes in several fields is one message.
        context: contexts.length > 1 ? Buffer.concat(contexts) : contexts[0],
        elements: contents(lengthFields(part), id),
        schemaUrl:
          schemaUrl === undefined || schemaUrl.length === 0
            ? ""
            : quoted(Buffer.from(schemaUrl).toString("utf8")),
      };
    },
    write: (part = new Uint8Array(0), message) => {
      checkPartSize(part.length);
      return writeProtobuf(part, message);
    },
  };
}

function* contents(fields: Iterable<LengthField>, wanted: number): Generator<Uint8Array> {
  for (const { id, content } of fields) if (id === wanted) yield content;
}
