import { readFile } from "node:fs/promises";
import { knownErrorCodes } from "@cctelemetry/core/light";
import { describe, expect, test } from "vitest";
import { examine } from "../../src/doctor/checks/all.ts";
import { checkNames, type Finding } from "../../src/doctor/finding.ts";
import { casesOfArriving } from "./cases-of-arriving.ts";
import { casesOfContents } from "./cases-of-contents.ts";
import { casesOfReaching } from "./cases-of-reaching.ts";
import { casesOfSending } from "./cases-of-sending.ts";
import { facts } from "./facts.ts";

const page = await readFile(
  new URL("../../../../docs/troubleshooting.md", import.meta.url),
  "utf8",
);

/** A finding as the page has it; `…` in its title stands for any text. */
interface Row {
  readonly check: string;
  readonly signs: string;
  readonly title: string;
}

const rows: readonly Row[] = page
  .split(/^### /m)
  .slice(1)
  .flatMap((section) => {
    const check = section.slice(0, section.indexOf("\n"));
    return [...section.matchAll(/^\| ([✗!·][✗!· ]*) `([^`]+)` \|/gmu)].map(
      ([, signs = "", title = ""]) => ({ check, signs, title }),
    );
  });

const signs = { failure: "✗", warning: "!", note: "·", ok: "✓" } as const;

const cases = [...casesOfSending, ...casesOfContents, ...casesOfReaching, ...casesOfArriving];

/** All that the cases of the checks find, but for a cause that the program does not know yet. */
const findings = cases
  .flatMap(([, changes]) => examine(facts(changes)))
  .filter(({ level, what }) => level !== "ok" && !what.includes("something new"));

/** The rows that describe a finding; of several the one with the longest title is meant. */
function rowOf({ check, what }: Finding): Row | undefined {
  return rows
    .filter((row) => row.check === check && matches(row.title, what))
    .sort((one, other) => other.title.length - one.title.length)[0];
}

function matches(title: string, what: string): boolean {
  const parts = title.split("…").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "su").test(what);
}

describe("docs/troubleshooting.md", () => {
  test("has a heading for each check that the cases know, and for nothing else", () => {
    const headings = [...page.matchAll(/^### (.+)$/gm)].map(([, heading]) => heading);
    expect(headings).toEqual([...checkNames]);
    const found = new Set(findings.map(({ check }) => check));
    expect(checkNames.filter((name) => !found.has(name))).toEqual([]);
  });

  test("has each finding with its levels", () => {
    const missing = findings.filter(
      (finding) => !rowOf(finding)?.signs.includes(signs[finding.level]),
    );
    expect(missing.map(({ check, level, what }) => `${check}: ${signs[level]} ${what}`)).toEqual(
      [],
    );
  });

  test("has no finding, and no level of one, that the program has not", () => {
    const found = new Set(findings.map((each) => `${rowOf(each)?.title} ${signs[each.level]}`));
    const unknown = rows.flatMap(({ check, title, signs: levels }) =>
      levels
        .split(" ")
        .filter((sign) => !found.has(`${title} ${sign}`))
        .map((sign) => `${check}: ${sign} ${title}`),
    );
    expect(unknown).toEqual([]);
  });

  test("has each code of a known error once, in the order of the code", () => {
    const [, errors = ""] = page.split("\n## Errors\n");
    const codes = [...errors.matchAll(/^\| `([\w-]+)` \|/gm)].map(([, code]) => code);
    expect(codes).toEqual([...knownErrorCodes]);
  });
});
