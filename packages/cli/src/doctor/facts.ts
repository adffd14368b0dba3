import type { StoreHealth, StoreStatus } from "@cctelemetry/core";
import type { Finding } from "./finding.ts";

/** A settings file of Claude Code, as it is. */
export interface SettingsFacts {
  /**
   * `managed`: an organisation's, nobody overrides it. `user`: wins over the shell. `project`: its
   * telemetry variables have no effect.
   */
  readonly kind: "managed" | "user" | "project";
  readonly path: string;
  /** Why it cannot be read; undefined if it can, or is not there. */
  readonly fault: string | undefined;
  /** Its `env` block, as text. */
  readonly env: Readonly<Record<string, string>>;
  /** Names in that block whose value is no text, number or boolean. */
  readonly oddValues: readonly string[];
  /** Names beside that block that are about telemetry, and that Claude Code does not know. */
  readonly strays: readonly string[];
  /** Whether a program is named that gives the headers of telemetry. */
  readonly hasHeadersHelper: boolean;
  /** Models by the name that stands for them: the model chosen, and the one that is asked in its place. */
  readonly modelOverrides: readonly (readonly [model: string, asked: string])[];
  /** When it was last written, milliseconds since 1970; undefined if there is none. */
  readonly writtenAt: number | undefined;
}

/** What answered where telemetry is sent to. */
export type ProbeAnswer =
  | { readonly kind: "receives"; readonly by: "cctelemetry" | "a receiver" }
  | { readonly kind: "refused" }
  | { readonly kind: "silent" }
  | { readonly kind: "other-protocol"; readonly holder: string }
  | {
      readonly kind: "status";
      readonly status: number;
      readonly holder: string;
      /** Whether that is a receiver of this program. */
      readonly isOurs: boolean;
    }
  /** TLS is asked for, and what listens speaks without. */
  | { readonly kind: "no-tls"; readonly holder: string }
  /** TLS is asked for and spoken; what is behind it was not asked. */
  | { readonly kind: "tls" }
  | { readonly kind: "not-tried" }
  | { readonly kind: "failed"; readonly reason: string };

/** One place that telemetry is sent to. */
export interface ProbeFacts {
  /** Where a request of a signal goes; for gRPC the address. */
  readonly url: string;
  readonly protocol: string;
  readonly answer: ProbeAnswer;
}

/** A file with telemetry in the data folder. */
export interface TelemetryFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly writtenAt: number;
  readonly readable: boolean;
  /** True where others than its owner may read it, its folder permitting. */
  readonly open: boolean;
}

/** The database, as it can be asked. */
export type StoreFacts =
  | { readonly kind: "missing"; readonly path: string }
  | { readonly kind: "failed"; readonly message: string; readonly hint: string | undefined }
  | { readonly kind: "read"; readonly status: StoreStatus; readonly health: StoreHealth };

/** Everything the checks look at, gathered once. Times in milliseconds since 1970. */
export interface DoctorFacts {
  readonly now: number;
  readonly platform: string;
  /** The name of this machine in a network; empty if it has none. */
  readonly hostname: string;
  /** The environment Claude Code would be started with from here. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly settings: readonly SettingsFacts[];
  /** The Claude Code that would be started; undefined if none is found. */
  readonly claude: { readonly path: string; readonly version: string | undefined } | undefined;
  /** When Claude Code last wrote a transcript; undefined if it never did. */
  readonly lastTranscript: number | undefined;
  readonly probes: readonly ProbeFacts[];
  /** Where `collect` writes; `fault` says why nothing could be written or read there. */
  readonly folder: {
    readonly path: string;
    readonly fault: string | undefined;
    readonly files: readonly TelemetryFile[];
  };
  readonly store: StoreFacts;
}

/** Looks at the facts and says what it finds. */
export type Check = (facts: DoctorFacts) => readonly Finding[];
