import { expect, test } from "vitest";
import { pageHtml } from "../../src/host/page.ts";

const places = { script: "https://x/page.js", style: "https://x/page.css", source: "https://x" };

test("nothing may run but what the host serves", () => {
  const html = pageHtml(places);
  expect(html).toContain("default-src 'none'; script-src https://x; style-src https://x;");
  expect(html).not.toContain("unsafe");
  expect(html).not.toMatch(/<style|style="|<script(?![^>]*src=)/);
});

test("with a nonce scripts need it", () => {
  const html = pageHtml({ ...places, nonce: "abc" });
  expect(html).toContain("script-src 'nonce-abc';");
  expect(html).toContain('<script type="module" nonce="abc" src="https://x/page.js">');
});

test("places are attributes and no more", () => {
  const html = pageHtml({ ...places, script: 'x"><script>alert(1)</script>' });
  expect(html.match(/<script/g)).toHaveLength(1);
});
