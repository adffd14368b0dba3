import type { Signal } from "./intake.ts";

/** When a request counts as kept: at once, when the system has it, when the disk has it. */
export type Durability = "none" | "flush" | "fsync";

/** What a receiver is told. */
export interface ReceiverOptions {
  /** The file that lines are appended to; its folder is made. */
  readonly output: string;
  /** Port of OTLP/HTTP; 0 takes a free one. Undefined: no HTTP. */
  readonly httpPort: number | undefined;
  /** Port of OTLP/gRPC; 0 takes a free one. Undefined: no gRPC. */
  readonly grpcPort: number | undefined;
  /** The address to listen on. Default: 127.0.0.1. Others than loopback need a token. */
  readonly listen?: string;
  /** Who knows it may send. Undefined: everybody on this machine. */
  readonly token?: string;
  /** Names besides localhost that a request may call this machine by. */
  readonly allowedHosts?: readonly string[];
  /** Default: fsync. */
  readonly durability?: Durability;
  /** A file that would be larger is rotated away first; 0 never. Default: 100 MiB. */
  readonly rotateBytes?: number;
  /** The largest body that is taken, decompressed. Default: 64 MiB. */
  readonly maxBodyBytes?: number;
  /** What bodies may hold in memory all together. Default: 64 MiB. */
  readonly maxBytesInFlight?: number;
}

/** What came in since the start. */
export interface ReceiverCounts {
  /** Requests that were kept, by signal; without those sent again. */
  readonly accepted: Readonly<Record<Signal, number>>;
  /** Requests that were known already. */
  readonly repeated: number;
  readonly refused: number;
  /** Bytes written. */
  readonly bytes: number;
  /** Why nothing can be written now; undefined where all is well. */
  readonly storageFault: string | undefined;
}

/** A running receiver. */
export interface Receiver {
  /** Where it listens: `127.0.0.1:4318`. */
  readonly addresses: { readonly http: string | undefined; readonly grpc: string | undefined };
  readonly output: string;
  readonly counts: () => ReceiverCounts;
  /** Takes nothing more, answers what is under way within 10 s, and lets go of port and file. */
  readonly close: () => Promise<void>;
}
