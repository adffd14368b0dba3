/** The protocol alone, for who receives it: messages and their fields, JSON and protobuf read exactly. */

export { namesOfField } from "./otlp/field-names.ts";
export { hexOfId } from "./otlp/ids.ts";
export { parseExact } from "./otlp/json/exact-json.ts";
export { isObject } from "./otlp/json/read.ts";
export { severities, spanKinds, statusCodes, temporalities } from "./otlp/json/schema.ts";
export { type LengthField, lengthFields } from "./otlp/protobuf/fields.ts";
export { fitMessage } from "./otlp/protobuf/fit.ts";
export { messageToJson } from "./otlp/protobuf/json.ts";
export { classifyMessage } from "./otlp/protobuf/protobuf.ts";
export {
  type FieldPresence,
  isScalarType,
  type MessageName,
  messageShapes,
  requestMessages,
  type ScalarType,
} from "./otlp/protobuf/schema.ts";
