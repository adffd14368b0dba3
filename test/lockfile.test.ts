import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { absolute } from "./support/source-tree.ts";

interface Locked {
  readonly link?: boolean;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const { packages } = JSON.parse(await readFile(absolute("package-lock.json"), "utf8")) as {
  readonly packages: Readonly<Record<string, Locked>>;
};

test("dependencies are locked without naming a host", () => {
  const named = Object.values(packages).filter(({ resolved }) => resolved?.includes(":"));
  expect(named).toEqual([]);
});

test("the packages of every platform are locked; `npm run lock` adds what is missing", () => {
  const wanted = Object.values(packages).flatMap(({ optionalDependencies }) =>
    Object.keys(optionalDependencies ?? {}),
  );
  const missing = wanted.filter((name) => packages[`node_modules/${name}`] === undefined);
  expect(missing).toEqual([]);
});

test("every package from the registry is locked by its hash; `npm run lock` adds what is missing", () => {
  const bare = Object.entries(packages).filter(
    ([place, { link, integrity }]) =>
      place.includes("node_modules/") &&
      link !== true &&
      !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity ?? ""),
  );
  expect(bare.map(([place]) => place)).toEqual([]);
});
