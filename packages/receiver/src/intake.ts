/** The three kinds of telemetry, as OTLP's paths and services name them. */
export type Signal = "logs" | "metrics" | "traces";

/** How a request is encoded. */
export type Encoding = "json" | "protobuf";

/** Why a request was not taken. Only `busy` and `storage` are worth another try. */
export type RefusalReason = "undecodable" | "too-large" | "busy" | "storage";

/** What became of a request. */
export type Verdict =
  | { readonly kind: "accepted" }
  | {
      readonly kind: "refused";
      readonly reason: RefusalReason;
      /** One sentence for whoever sent it. */
      readonly message: string;
      /** When to try again, told for `busy` and `storage`. */
      readonly retryAfterSeconds?: number;
    };

/** Where requests of every protocol come in. */
export interface Intake {
  /**
   * Takes one export request, decompressed; never rejects. `accepted` means
   * that it is kept as durably as was asked for.
   */
  accept(signal: Signal, encoding: Encoding, body: Uint8Array): Promise<Verdict>;
}
