const HIDDEN = "•••";

/**
 * A URL, or what was meant as one, as it may be shown: who signs in, the values of its query and its
 * fragment are hidden, for they may be passwords and tokens. The names in the query stay.
 */
export function shownUrl(text: string): string {
  // Where it is no URL, nobody knows where a password ends: all up to the last @ may belong to it.
  const isUrl = /^https?:\/\//i.test(text) && URL.canParse(text);
  const signIn = isUrl ? /^(https?:\/\/)[^/\\?#]*@/i : /^([a-z][a-z0-9+.-]*:\/+|\/*).*@/is;
  const shown = text.replace(signIn, `$1${HIDDEN}@`);
  const end = shown.search(/[?#]|$/);
  return shown.slice(0, end) + shown.slice(end).replace(/([?&#])([^&#]+)/g, hidden);
}

/** A text in which URLs stand, each as it may be shown. */
export function withShownUrls(text: string): string {
  return text.replace(/\bhttps?:\/\/[^\s"'`<>]+/gi, shownUrl);
}

function hidden(_all: string, mark: string, part: string): string {
  // What only ends in = is base64, not a name.
  const name = mark === "#" ? null : /^([\w.-]{1,32}=)[^=]/.exec(part);
  return mark + (name?.[1] ?? "") + HIDDEN;
}
