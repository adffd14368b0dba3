import { expect, test } from "vitest";
import { createConnections, type Place } from "../src/admission/connections.ts";

function scene(most: number) {
  const connections = createConnections(most);
  const ended: string[] = [];
  const open = (name: string): Place | undefined => connections.open(() => void ended.push(name));
  return { open, ended };
}

test("one that never sent a request goes first, the oldest of them", () => {
  const { open, ended } = scene(3);
  const sender = open("sender");
  sender?.begin();
  sender?.finish();
  open("idle 1");
  open("idle 2");
  for (const name of ["a", "b", "c"]) expect(open(name)).toBeDefined();
  expect(ended).toEqual(["idle 1", "idle 2", "a"]);
});

test("where all have sent, the one that rests for the longest goes", () => {
  const { open, ended } = scene(2);
  const [one, two] = [open("one"), open("two")];
  for (const place of [one, two, one]) {
    place?.begin();
    place?.finish();
  }
  expect(open("new")).toBeDefined();
  expect(ended).toEqual(["two"]);
});

test("where all are at work nobody is let in, until one rests or is closed", () => {
  const { open, ended } = scene(2);
  const [one, two] = [open("one"), open("two")];
  one?.begin();
  two?.begin();
  two?.begin();
  two?.finish();
  expect(open("new")).toBeUndefined();
  expect(ended).toEqual([]);
  one?.finish();
  expect(open("new")).toBeDefined();
  expect(ended).toEqual(["one"]);
  two?.close();
  expect(open("another")).toBeDefined();
  expect(ended).toEqual(["one"]);
});

test("what has ended takes no place again", () => {
  const { open } = scene(1);
  const one = open("one");
  one?.begin();
  one?.close();
  one?.finish();
  const two = open("two");
  two?.begin();
  expect(open("three")).toBeUndefined();
});
