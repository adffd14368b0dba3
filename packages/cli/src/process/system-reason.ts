const reasons: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  ENOENT: "there is no such folder",
  ENOTDIR: "its folder is a file",
  EEXIST: "another run is writing it",
  ENOSPC: "there is no space left",
  EDQUOT: "your quota is used up",
  EFBIG: "it is larger than files may be",
  ENAMETOOLONG: "its name is too long",
  ELOOP: "its links lead in a circle",
  EMFILE: "too many files are open",
  ENFILE: "too many files are open",
  ENOMEM: "there is not enough memory",
  EIO: "the disk or the device failed",
  EBADF: "it is not open",
  EPIPE: "its reader has gone",
  ENXIO: "no process has its other end open",
};

/** The engine's words for what the system said to it. */
const saidByEngine: readonly (readonly [RegExp, string])[] = [
  [/no space left on device|there is not enough space/i, "ENOSPC"],
  [/disk quota exceeded/i, "EDQUOT"],
  [/file too large/i, "EFBIG"],
  [/permission denied/i, "EACCES"],
  [/read-only file system/i, "EROFS"],
  [/too many open files/i, "EMFILE"],
];

/** Why the system refused to read or write something, in words that follow "it cannot be written: "; the error's own where none are known. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return reasons[codeOf(error)] ?? error.message.split("\n")[0] ?? "";
}

function codeOf(error: Error): string {
  if ("code" in error && typeof error.code === "string") return error.code;
  return saidByEngine.find(([pattern]) => pattern.test(error.message))?.[1] ?? "";
}
