import { isUtf8 } from "node:buffer";
import { describe, expect, test } from "vitest";
import { GeneralDecoder, ScanningDecoder } from "../../support/decode.ts";
import { linesOf, recordedFiles } from "../../support/fixtures.ts";

const general = new GeneralDecoder();
const scanning = new ScanningDecoder();

function isJson(line: Buffer): boolean {
  try {
    JSON.parse(line.toString("utf8"));
    return true;
  } catch {
    return false;
  }
}

describe("the scanner writes what the general decoder writes", () => {
  let lines = 0;
  let scanned = 0;

  for (const path of recordedFiles(".jsonl")) {
    test(path, () => {
      // Only lines of valid UTF-8 are ever given to the scanner.
      for (const line of linesOf(path).filter((each) => isUtf8(each))) {
        const records = scanning.line(line);
        const rows = scanning.take();
        if (!isJson(line)) {
          expect(records).toBe(-1);
          continue;
        }
        lines++;
        if (records < 0) continue;
        scanned++;
        expect(general.text(line.toString("utf8"))).toMatchObject({ records, rejected: 0 });
        expect(rows).toEqual(general.take());
      }
    });
  }

  test("and knows nearly every recorded line of logs and metrics", () => {
    expect(lines).toBeGreaterThan(700);
    expect(scanned / lines).toBeGreaterThan(0.8);
  });
});
