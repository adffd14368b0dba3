import { describe, expect, test } from "vitest";
import { LineReporter } from "../../src/watch/lines.ts";
import { clock, events, file, session, view } from "./samples.ts";

/** The events from the oldest to the one at this place. */
const until = (index: number) => ({ recent: events.slice(index) });

describe("lines for pipes and logs", () => {
  test("print each new event once, oldest first; nothing of what was there before", () => {
    const teller = new LineReporter(clock);
    expect(teller.next(view({ snapshot: until(6) })).out).toEqual([]);
    expect(teller.next(view({ snapshot: until(4) })).out).toEqual([
      "14:03:10  1f3a9c2e  refusal  implement  claude-opus-5-5  2.3 s",
      "14:03:12  1f3a9c2e  request  claude-opus-5-5  12k tokens  $0.014  2.3 s  subagent",
    ]);
    expect(teller.next(view({ snapshot: until(4) })).out).toEqual([]);
  });

  test("print nothing of a backlog but how far it is read", () => {
    const teller = new LineReporter(clock);
    const parts = [0.04, 0.08, 0.31, 0.35, 0.92];
    const printed = parts.map((catchingUp, index) =>
      teller.next(view({ catchingUp, ready: false, snapshot: until(8 - index) })),
    );
    expect(printed.flatMap(({ out }) => out)).toEqual([]);
    expect(printed.flatMap(({ notes }) => notes)).toEqual([
      "catching up, 4 %",
      "catching up, 31 %",
      "catching up, 92 %",
    ]);
    expect(teller.next(view({ snapshot: until(3) })).out).toEqual([]);
    expect(teller.next(view({ snapshot: until(2) })).out).toHaveLength(1);
  });

  test("say so if more came than is printed one by one", () => {
    const teller = new LineReporter(clock);
    teller.next(view({ snapshot: { recent: events.slice(8) } }));
    const { out } = teller.next(view({ snapshot: { recent: events.slice(0, 2) } }));
    expect(out).toHaveLength(3);
    expect(out[0]).toContain("more events");
  });

  test("print the sums of metrics for sessions without events", () => {
    const teller = new LineReporter(clock);
    const metered = (thousands: number) =>
      view({ snapshot: { sessions: [session("m1", thousands, 0, { ledger: "metrics" })] } });
    teller.next(metered(1));
    expect(teller.next(metered(1)).out).toEqual([]);
    expect(teller.next(metered(2)).out).toEqual([
      "14:03:20  m1        usage    claude-opus-5-5  2k tokens  $0.0026  in all, by metrics",
    ]);
  });

  test("print each problem once, and when all are over", () => {
    const teller = new LineReporter(clock);
    const broken = view({
      files: [file("/a/b.jsonl", { state: "unreadable", reason: "It is locked." })],
    });
    expect(teller.next(broken).notes).toEqual(["b.jsonl: It is locked."]);
    expect(teller.next(broken).notes).toEqual([]);
    expect(teller.next(view()).notes).toEqual(["all is well again"]);
    expect(teller.next(view()).notes).toEqual([]);
  });
});
