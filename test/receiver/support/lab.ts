import { closeSync, fstatSync, openSync, readdirSync, readFileSync, readSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Receiver,
  type ReceiverOptions,
  startReceiver,
} from "../../../packages/receiver/src/index.ts";
import { sampleId } from "./requests.ts";

/** A receiver in this process, with a folder of its own. */
export interface Lab {
  readonly receiver: Receiver;
  readonly folder: string;
  /** Where it listens: `127.0.0.1:4318`. */
  readonly http: string;
  readonly grpc: string;
  /** Every whole line it has written, rotated files first. */
  readonly lines: () => readonly string[];
  /** The lines that were written since this was asked last; of a file that is not rotated. */
  readonly newLines: () => readonly string[];
  /** Ids of the samples that it has written, in order. */
  readonly ids: () => readonly string[];
  readonly close: () => Promise<void>;
}

/** Starts a receiver on free ports of this machine. */
export async function startLab(options: Partial<ReceiverOptions> = {}): Promise<Lab> {
  const folder = await mkdtemp(join(tmpdir(), "cctelemetry-receiver-"));
  const output = join(folder, "otlp", "telemetry.jsonl");
  const receiver = await startReceiver({ output, httpPort: 0, grpcPort: 0, ...options });
  const lines = () => linesBeside(output);
  return {
    receiver,
    folder,
    http: receiver.addresses.http ?? "",
    grpc: receiver.addresses.grpc ?? "",
    lines,
    newLines: appendedLines(output),
    ids: () => lines().map((line) => sampleId(line) ?? "?"),
    close: async () => {
      await receiver.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function appendedLines(output: string): () => readonly string[] {
  let offset = 0;
  return () => {
    const file = openSync(output, "r");
    try {
      const bytes = Buffer.alloc(fstatSync(file).size - offset);
      offset += readSync(file, bytes, 0, bytes.length, offset);
      return bytes.toString().split("\n").slice(0, -1);
    } finally {
      closeSync(file);
    }
  };
}

/** The whole lines of a file and of those that were rotated away from it, oldest first. */
export function linesBeside(output: string): readonly string[] {
  const folder = join(output, "..");
  const names = readdirSync(folder).filter((name) => name.endsWith(".jsonl"));
  // A rotated file has its time in its name; the one that is written has none.
  names.sort((a, b) => Number(join(folder, a) === output) - Number(join(folder, b) === output));
  return names.flatMap((name) => readFileSync(join(folder, name), "utf8").split("\n").slice(0, -1));
}
