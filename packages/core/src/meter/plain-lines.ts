/** How a Collector's line begins, and our own. */
const PLAIN_START = Buffer.from('{"res');

/** Whether lines begin as a request does: what is wrapped otherwise has to be read line by line. */
export function isPlain(lines: Buffer): boolean {
  return lines.subarray(0, PLAIN_START.length).equals(PLAIN_START);
}
