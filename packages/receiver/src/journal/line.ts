/** One line, in pieces; the last ends with a line feed. */
export type Line = readonly Uint8Array[];
