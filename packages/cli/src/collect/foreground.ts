import { ellipsize } from "@cctelemetry/core/light";
import {
  type ReceiverCounts,
  type ReceiverOptions,
  type Refused,
  startReceiver,
} from "@cctelemetry/receiver";
import ansiEscapes from "ansi-escapes";
import type { Environment, Outputs, Signals } from "../process/context.ts";
import {
  countsText,
  forwarding,
  listening,
  refusing,
  type State,
  stateText,
  stopped,
  storage,
} from "./states.ts";

/** How often changes are looked for, milliseconds. */
const POLL_MS = 500;

/** Runs a receiver until a signal asks it to end; reports each change of its state. */
export async function runInForeground(
  options: ReceiverOptions,
  json: boolean,
  context: Outputs & Environment & Signals,
): Promise<void> {
  const asked = new Promise<void>((resolve) => {
    // It stays registered: a second signal ends at once.
    context.onStop(() => resolve());
  });
  const receiver = await startReceiver(options);
  const counter = liveCounter(context, json);
  const report = async (state: State): Promise<void> => {
    await counter.clear();
    await context.stdout.write(stateText(state, json));
  };
  await report(listening(receiver.addresses, receiver.output, process.pid));
  if (options.forward !== undefined) {
    const forward = receiver.counts().forward;
    if (forward !== undefined) await report(forwarding(forward));
  }
  let fault: string | undefined;
  let forwardFault: string | undefined;
  const newRefusals = refusalsToReport();
  const polling = setInterval(() => {
    const counts = receiver.counts();
    if (counts.storageFault !== fault) {
      fault = counts.storageFault;
      void report(storage(fault));
    }
    const { forward } = counts;
    if (forward !== undefined && (forward.fault === undefined) !== (forwardFault === undefined)) {
      forwardFault = forward.fault;
      void report(forwarding(forward));
    }
    for (const refused of newRefusals(counts.refused)) void report(refusing(refused));
    void counter.show(counts);
  }, POLL_MS);
  await asked;
  clearInterval(polling);
  await receiver.close();
  await report(stopped(receiver.counts()));
}

/** Picks the refusals that are worth a line: the first for a reason, the tenth, the hundredth. */
function refusalsToReport(): (refused: readonly Refused[]) => readonly Refused[] {
  const digitsByReason = new Map<string, number>();
  return (refused) =>
    refused.filter(({ reason, count }) => {
      const digits = String(count).length;
      if (digits <= (digitsByReason.get(reason) ?? 0)) return false;
      digitsByReason.set(reason, digits);
      return true;
    });
}

/** The line at the bottom of a terminal that counts what comes; nothing if there is none. */
function liveCounter({ stderr, env }: Outputs & Environment, json: boolean) {
  const isShown = stderr.isTTY && env["TERM"] !== "dumb" && !json;
  const emptied = `${ansiEscapes.eraseLine}${ansiEscapes.cursorLeft}`;
  let text = "";
  const draw = async (next: string): Promise<void> => {
    if (!isShown || next === text) return;
    text = next;
    await stderr.write(`${emptied}${text}`);
  };
  return {
    show: (counts: ReceiverCounts) =>
      draw(ellipsize(countsText(counts), (stderr.columns ?? 80) - 1)),
    clear: () => draw(""),
  };
}
