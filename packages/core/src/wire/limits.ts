/** The longest id or path that is sent to another process, characters: none is cut, since two might be one then. */
export const LONGEST_IDENTITY = 32_768;
