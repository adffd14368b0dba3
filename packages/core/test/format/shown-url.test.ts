import fc from "fast-check";
import { expect, test } from "vitest";
import { shownUrl, withShownUrls } from "../../src/format/shown-url.ts";
import { runs } from "../support/runs.ts";

test.each([
  ["http://localhost:4318", "http://localhost:4318"],
  ["HTTP://LOCALHOST:4318/in/v1/logs", "HTTP://LOCALHOST:4318/in/v1/logs"],
  ["http://user:pw@localhost:4318", "http://•••@localhost:4318"],
  ["http://user:p@w@localhost:4318/a@b", "http://•••@localhost:4318/a@b"],
  ["http://h/?token=abc&x=1", "http://h/?token=•••&x=•••"],
  ["http://h/?YWJj==", "http://h/?•••"],
  ["http://h/?abc", "http://h/?•••"],
  ["http://h/#abc=d", "http://h/#•••"],
  ["http://h/?", "http://h/?"],
  ["user:pw@localhost:4318", "•••@localhost:4318"],
  ["//user:pw@localhost", "//•••@localhost"],
  ["http:/user:pw@localhost", "http:/•••@localhost"],
  ["http://user:p?w@localhost", "http://•••@localhost"],
  ["http://user:p/w#x@localhost", "http://•••@localhost"],
  ["localhost:4318/?token=abc", "localhost:4318/?token=•••"],
  ["", ""],
])("%s is shown as %s", (text, shown) => {
  expect(shownUrl(text)).toBe(shown);
});

test("nothing of a user, a password or a token is shown, whatever they are", () => {
  const secret = fc.stringMatching(/^[!$%'()*+,.:;_~Q-Z0-9-]{1,20}$/).map((text) => `ZZ${text}`);
  fc.assert(
    fc.property(
      fc.constantFrom("http://", "https://", "http:/", "//", "", "grpc://"),
      secret,
      secret,
      secret,
      (scheme, user, password, token) => {
        const shown = shownUrl(`${scheme}${user}:${password}@host:1/v1/logs?t=${token}&${token}`);
        expect(shown).not.toContain("ZZ");
        expect(shown).toContain("host:1/v1/logs?t=•••&•••");
      },
    ),
    { numRuns: runs(300) },
  );
});

test("URLs in a text are shown as they may be, and the rest stays", () => {
  expect(withShownUrls('"A": "http://u:p@h:1/?k=v", // me@example.org')).toBe(
    '"A": "http://•••@h:1/?k=•••", // me@example.org',
  );
});
