/** The three kinds of telemetry, as OTLP's paths and services name them. */
export type Signal = "logs" | "metrics" | "traces";

/** How a request is encoded. */
export type Encoding = "json" | "protobuf";

/**
 * Why a request was refused. Only `busy` and `storage` are worth another try; `fault` is a bug of
 * this program.
 */
export type RefusalReason = "undecodable" | "too-large" | "busy" | "storage" | "fault";

/** The outcome of a request. */
export type Verdict =
  | { readonly kind: "accepted" }
  | {
      readonly kind: "refused";
      readonly reason: RefusalReason;
      /** One sentence for the sender. */
      readonly message: string;
      /** When to try again, for `busy` and `storage`. */
      readonly retryAfterSeconds?: number;
    };
