import { expect, test, vi } from "vitest";
import type { PageMessage, TableMessage } from "../../../src/host/protocol.ts";
import { Client, Refusal } from "../../../src/page/data/client.ts";

function conversation() {
  const posted: PageMessage[] = [];
  let receive = (_: unknown): void => undefined;
  const listener = {
    welcome: vi.fn(),
    live: vi.fn(),
    show: vi.fn(),
    pinned: vi.fn(),
    changed: vi.fn(),
  };
  const client = new Client(
    {
      post: (message) => posted.push(message),
      listen: (listener) => {
        receive = listener;
      },
    },
    listener,
  );
  return { client, posted, listener, say: (value: unknown) => receive(value) };
}

const request = { kind: "report", name: "models", parameters: {} } as const;
const table: TableMessage = {
  kind: "table",
  id: 1,
  columns: [],
  rows: [],
  more: false,
  footer: null,
};

test("an answer finds its request and is kept for the next time", async () => {
  const { client, say } = conversation();
  const asked = client.table(request, new AbortController().signal);
  say({ ...table, id: 99 });
  say(table);
  expect(await asked).toEqual(table);
  expect(client.last(request)).toEqual(table);
  expect(client.last({ ...request, name: "tools" })).toBeUndefined();
});

test("a refusal is reported with its hint", async () => {
  const { client, say } = conversation();
  const asked = client.table(request, new AbortController().signal);
  say({ kind: "failed", id: 1, message: "No.", hint: "Try again." });
  await expect(asked).rejects.toEqual(new Refusal("No.", "Try again."));
});

test("what is no longer wanted is cancelled once", () => {
  const { client, posted } = conversation();
  const stop = new AbortController();
  client.table(request, stop.signal).catch(() => undefined);
  stop.abort();
  expect(posted.map(({ kind }) => kind)).toEqual(["report", "cancel"]);
});

test("what is not of the protocol is not heard", () => {
  const { say, listener } = conversation();
  for (const value of [null, 1, "changed", {}, { kind: "changed " }, { kind: "pinned" }, []]) {
    say(value);
  }
  expect(listener.changed).not.toHaveBeenCalled();
  expect(listener.pinned).not.toHaveBeenCalled();
  say({ kind: "changed" });
  expect(listener.changed).toHaveBeenCalledOnce();
});
