import { rename, rm, writeFile } from "node:fs/promises";

/**
 * Writes a small file in one step, so that no reader sees a part of it.
 *
 * @param suffix of the file that is written first; of no other writer at the same time
 */
export async function replaceFile(path: string, suffix: string, text: string): Promise<void> {
  const beside = `${path}.${suffix}`;
  await writeFile(beside, text, { mode: 0o600 });
  await rename(beside, path).catch(async () => {
    // Windows does not replace a file that is open.
    await writeFile(path, text);
    await rm(beside, { force: true });
  });
}
