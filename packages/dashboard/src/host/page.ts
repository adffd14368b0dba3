/** What a host needs to serve the page: its files and the document that loads them. */

/** Files of `packages/dashboard/dist` that a host serves beside each other. */
export const pageAssets = {
  script: "page.js",
  style: "page.css",
  /** Loaded by the script and the style sheet: chunks and the icon font. */
  others: /^(?:[\w-]+-[A-Z0-9]+\.js|codicon\.ttf)$/,
} as const;

/** Where the files are, as the page is to ask for them. */
export interface PagePlaces {
  readonly script: string;
  readonly style: string;
  /** The source of scripts, styles and fonts in the content security policy, e.g. `'self'`. */
  readonly source: string;
  /** With it scripts run only where they carry this number, or are imported by one that does. */
  readonly nonce?: string;
  /** What the page may connect to; nothing by default. */
  readonly connect?: string;
}

/**
 * The document. Nothing in it is inline: scripts, styles and fonts come from `source` alone,
 * everything else is forbidden.
 */
export function pageHtml(places: PagePlaces): string {
  const { script, style, source, nonce, connect = "'none'" } = places;
  const policy = [
    "default-src 'none'",
    `script-src ${nonce === undefined ? source : `'nonce-${nonce}'`}`,
    `style-src ${source}`,
    `font-src ${source}`,
    `connect-src ${connect}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const own = nonce === undefined ? "" : ` nonce="${attribute(nonce)}"`;
  return `<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="${attribute(policy)}" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>cctelemetry</title>
    <link rel="stylesheet" href="${attribute(style)}" />
    <script type="module"${own} src="${attribute(script)}"></script>
  </head>
  <body>
    <div id="page"></div>
  </body>
</html>
`;
}

function attribute(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
}
