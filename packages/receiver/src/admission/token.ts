import { createHash, timingSafeEqual } from "node:crypto";

/** Whether a request's `authorization` header shows that it may send. */
export type TokenCheck = (authorization: string | undefined) => boolean;

/** A token that is shorter could be guessed. */
const LEAST_CHARACTERS = 16;

/**
 * Checks bearer tokens. Digests are compared, so that the time it takes reveals neither the token
 * nor its length. Without a token everybody may send.
 */
export function tokenCheck(token: string | undefined): TokenCheck {
  if (token === undefined) return () => true;
  const expected = digest(token);
  return (authorization) => {
    const given = /^bearer +(\S+) *$/i.exec(authorization ?? "")?.[1];
    return timingSafeEqual(digest(given ?? ""), expected) && given !== undefined;
  };
}

/** Why a text cannot be a token; undefined if it can. */
export function tokenFault(token: string): string | undefined {
  if (token.length < LEAST_CHARACTERS) return `has fewer than ${LEAST_CHARACTERS} characters`;
  // What a header can carry, and no more than one word.
  return /^[\x21-\x7e]+$/.test(token) ? undefined : "has characters other than visible ASCII ones";
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
