import type { Arrival } from "./ledger.ts";
import { type Reader, type ReaderWish, Spawned } from "./readers.ts";
import { pause } from "./waiting.ts";

/** What `tail` needs to open its file, milliseconds: it does not say when it is ready. */
const START_MS = 250;

/** The reference: `tail -F` of GNU coreutils, each line of its output parsed. */
export class TailReader implements Reader {
  private readonly wish: ReaderWish;
  private process: Spawned | undefined;
  private readonly times = new Map<string, number>();
  private chunks: Buffer[] = [];
  private readonly altered: string[] = [];
  private readonly rejected: string[] = [];

  constructor(wish: ReaderWish) {
    this.wish = wish;
  }

  async start(): Promise<void> {
    const { path, launcher = [], env = {} } = this.wish;
    const command = [...launcher, "tail", "-q", "-n", "+1", "-F", path];
    this.process = new Spawned(command, env, (chunk) => this.take(chunk));
    await pause(START_MS);
  }

  async stop(): Promise<readonly string[]> {
    await this.kill();
    return [];
  }

  async kill(): Promise<void> {
    await this.process?.end("SIGKILL");
    this.process = undefined;
    this.chunks = [];
  }

  count(): Promise<number> {
    return Promise.resolve(this.times.size);
  }

  arrival(): Promise<Arrival> {
    const { times, altered, rejected } = this;
    return Promise.resolve({ times, altered, rejected });
  }

  private take(chunk: Buffer): void {
    let rest = chunk;
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
      this.line(Buffer.concat([...this.chunks, rest.subarray(0, end)]).toString("utf8"));
      this.chunks = [];
      rest = rest.subarray(end + 1);
    }
    if (rest.length > 0) this.chunks.push(rest);
  }

  private line(text: string): void {
    if (text === "") return;
    try {
      for (const [id, note] of recordsIn(JSON.parse(text) as ExportedLogs)) {
        this.times.set(id, (this.times.get(id) ?? 0) + 1);
        if (this.wish.ledger.noteOf(id) !== note) this.altered.push(id);
      }
    } catch {
      this.rejected.push(text.slice(0, 60));
    }
  }
}

/** As much of an export as is needed to know its records again. */
interface ExportedLogs {
  readonly resourceLogs: readonly {
    readonly scopeLogs: readonly { readonly logRecords: readonly ExportedRecord[] }[];
  }[];
}

interface ExportedRecord {
  readonly attributes: readonly {
    readonly key: string;
    readonly value: { stringValue?: string };
  }[];
}

function recordsIn({ resourceLogs }: ExportedLogs): [string, string][] {
  const records = resourceLogs.flatMap(({ scopeLogs }) =>
    scopeLogs.flatMap(({ logRecords }) => logRecords),
  );
  return records.map((record) => [attributeOf(record, "request_id"), attributeOf(record, "note")]);
}

function attributeOf({ attributes }: ExportedRecord, name: string): string {
  return attributes.find(({ key }) => key === name)?.value.stringValue ?? "";
}
