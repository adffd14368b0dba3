import { createServer } from "node:net";
import { KnownError, messageOf } from "@cctelemetry/core/light";
import type { Receiver } from "@cctelemetry/receiver";
import type { StartMessage } from "../messages.ts";
import type { StatusReceiver } from "../status-view.ts";

/** How soon another window takes over once the receiver before is gone, milliseconds. */
const RETRY_MS = 2_000;
/** What is wrong with a disk or a setting lasts longer. */
const RETRY_FAILED_MS = 10_000;

/** Ports that are asked for. */
export type ReceiverPorts = NonNullable<StartMessage["receiver"]>;

/**
 * Receives telemetry in this process, or waits until the window or program that receives it now is
 * gone: only one may write to the file and have the ports.
 */
export class Receiving {
  private readonly output: string;
  private readonly ports: ReceiverPorts;
  private readonly changed: (state: StatusReceiver) => void;
  private receiver: Receiver | undefined;
  private attempt: Promise<void>;
  private next: NodeJS.Timeout | undefined;
  private closed = false;
  /** Whether the last attempt found a port taken: who has it is not asked again while that lasts. */
  private portTaken = false;
  private current: StatusReceiver = { state: "starting", text: "" };

  /** `changed` is called with every other state, the first one aside. */
  constructor(output: string, ports: ReceiverPorts, changed: (state: StatusReceiver) => void) {
    this.output = output;
    this.ports = ports;
    this.changed = changed;
    this.attempt = this.begin();
  }

  /** How it stands. */
  get state(): StatusReceiver {
    return this.current;
  }

  /** Takes nothing more, and lets go of ports and file once what is under way is answered. */
  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.next);
    await this.attempt;
    await this.receiver?.close();
  }

  private async begin(): Promise<void> {
    if (this.portTaken && !(await this.portsAreFree())) {
      this.later(RETRY_MS);
      return;
    }
    try {
      const { startReceiver } = await import("@cctelemetry/receiver");
      const { httpPort, grpcPort } = this.ports;
      const receiver = await startReceiver({
        output: this.output,
        httpPort: httpPort ?? undefined,
        grpcPort: grpcPort ?? undefined,
      });
      this.receiver = receiver;
      if (!this.closed) this.checkReceiver();
    } catch (error) {
      this.portTaken = error instanceof KnownError && error.code === "port-taken";
      this.setState(stateOf(error));
      this.later(this.current.state === "elsewhere" ? RETRY_MS : RETRY_FAILED_MS);
    }
  }

  private async portsAreFree(): Promise<boolean> {
    const { httpPort, grpcPort } = this.ports;
    const free = [httpPort, grpcPort].map((port) => port === null || isFree(port));
    return (await Promise.all(free)).every((each) => each);
  }

  /** Reports how the running receiver is, now and from time to time. */
  private checkReceiver(): void {
    const { receiver } = this;
    if (receiver === undefined) return;
    const { http, grpc } = receiver.addresses;
    const where = [http, grpc].filter((each) => each !== undefined).join(" and ");
    const { storageFault } = receiver.counts();
    this.setState(
      storageFault === undefined
        ? { state: "serving", text: `Receives telemetry on ${where}.` }
        : { state: "failed", text: `Cannot write to ${this.output}: ${storageFault}` },
    );
    this.later(RETRY_MS);
  }

  private later(pauseMs: number): void {
    if (this.closed) return;
    this.next = setTimeout(() => {
      if (this.receiver === undefined) this.attempt = this.begin();
      else this.checkReceiver();
    }, pauseMs);
  }

  private setState(state: StatusReceiver): void {
    if (state.state === this.current.state && state.text === this.current.text) return;
    this.current = state;
    if (!this.closed) this.changed(state);
  }
}

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

function stateOf(error: unknown): StatusReceiver {
  const message = messageOf(error);
  const taken =
    error instanceof KnownError && ["already-running", "port-taken"].includes(error.code);
  return { state: taken ? "elsewhere" : "failed", text: message.slice(0, 1000) };
}
