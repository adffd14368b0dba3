import { messageOf } from "../../errors.ts";
import { type Fit, fitMessage } from "./fit.ts";
import { messageToJson } from "./json.ts";
import { requestMessages } from "./schema.ts";

/** The three signals of OTLP. */
export type Signal = "logs" | "metrics" | "traces";

/**
 * What a protobuf message turned out to be.
 * - `request`: an export request in the shape of OTLP/JSON, `{"resourceLogs": [...]}`
 * - `ambiguous`: it can be of each of these signals, and nothing decides which
 * - `invalid`: it is no OTLP message of the signal; `detail` says where it fails
 */
export type ProtobufVerdict =
  | { readonly kind: "request"; readonly signal: Signal; readonly request: unknown }
  | { readonly kind: "ambiguous"; readonly signals: readonly Signal[] }
  | { readonly kind: "invalid"; readonly detail: string };

/**
 * The signals that a protobuf message can be of.
 *
 * The wire has no tag for it: all three requests are "repeated resource at 1".
 * Field numbers and wire types of the records distinguish them, since a log
 * record has a time where the others have text. One signal is the rule; several
 * come back for a message without records, none for bytes that are no request.
 * Never throws.
 */
export function classifyMessage(bytes: Uint8Array): readonly Signal[] {
  const best = bestSignals(bytes, "text-skipped");
  return best.length > 1 ? bestSignals(bytes, "text-checked") : best;
}

/**
 * Decodes a protobuf export request of a known signal, or of the signal that
 * its content shows if none is given. Never throws. See `messageToJson` for
 * the shape.
 */
export function decodeMessage(bytes: Uint8Array, signal?: Signal): ProtobufVerdict {
  if (signal === undefined) {
    return decodeByContent(bytes);
  }
  const message = requestMessages[signal];
  const fit = fitMessage(bytes, message, "text-skipped");
  if (fit.kind === "unfit") {
    return { kind: "invalid", detail: fit.detail };
  }
  try {
    return { kind: "request", signal, request: messageToJson(bytes, message) };
  } catch (error) {
    return { kind: "invalid", detail: messageOf(error) };
  }
}

const signals = ["logs", "metrics", "traces"] as const satisfies readonly Signal[];

/** The better the fit, the higher; signals with the highest rank are the answer. */
const ranks: Readonly<Record<Fit["kind"], number>> = {
  certain: 4,
  likely: 3,
  possible: 2,
  tolerable: 1,
  unfit: 0,
};

function bestSignals(bytes: Uint8Array, check: "text-checked" | "text-skipped"): Signal[] {
  const fits = signals.map((signal) => ({
    signal,
    rank: ranks[fitMessage(bytes, requestMessages[signal], check).kind],
  }));
  const best = Math.max(1, ...fits.map(({ rank }) => rank));
  return fits.filter(({ rank }) => rank === best).map(({ signal }) => signal);
}

function decodeByContent(bytes: Uint8Array): ProtobufVerdict {
  const possible = classifyMessage(bytes);
  const [only] = possible;
  if (only === undefined) {
    return { kind: "invalid", detail: "not an OTLP export request of logs, metrics or traces" };
  }
  return possible.length > 1
    ? { kind: "ambiguous", signals: possible }
    : decodeMessage(bytes, only);
}
