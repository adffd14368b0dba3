import { open } from "node:fs/promises";

/** The last bytes of a file as text, at most `mostBytes`; empty if it cannot be read. */
export async function endOfFile(path: string, mostBytes: number): Promise<string> {
  try {
    const file = await open(path, "r");
    try {
      const { size } = await file.stat();
      const length = Math.min(size, mostBytes);
      const { buffer, bytesRead } = await file.read({
        buffer: Buffer.alloc(length),
        position: size - length,
      });
      return buffer.toString("utf8", 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch {
    return "";
  }
}
