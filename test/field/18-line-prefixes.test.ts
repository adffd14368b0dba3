import { expect, test } from "vitest";
import { query } from "../support/cli.ts";
import { fieldFile, importField } from "../support/field-import.ts";

test.each(["cri", "kubectl", "compose", "journal", "syslog"])(
  "requests behind the prefix of %s are read, and nothing is rejected",
  async (name) => {
    const imported = await importField([fieldFile(`18-line-prefixes/${name}.log`)]);
    const { code, requests, cost, database } = imported;
    expect({ code, requests, cost }).toEqual({ code: 0, requests: 2, cost: 0.0246 });
    expect(await query(database, "FROM rejected_lines")).toEqual([]);
  },
);
