import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Spawned } from "./readers.ts";
import { appendUntilFull, sizeOf } from "./writers.ts";

/** A file system of a few megabytes, in a name space of its own, where no rights are needed. */
export class SmallDisk {
  readonly folder: string;
  private readonly holder: Spawned;

  private constructor(folder: string, holder: Spawned) {
    this.folder = folder;
    this.holder = holder;
  }

  static async mount(folder: string, kilobytes: number): Promise<SmallDisk> {
    const place = join(folder, "disk");
    await mkdir(place);
    const script = `mount -t tmpfs -o size=${kilobytes}k small "$0" && echo mounted && exec sleep 1000`;
    const command = ["unshare", "--map-root-user", "--mount", "sh", "-c", script, place];
    const holder = new Spawned(command, {});
    await holder.says(/mounted/);
    return new SmallDisk(folder, holder);
  }

  /** A program in front of another that shall see the disk. */
  get launcher(): readonly string[] {
    const pid = String(this.holder.child.pid);
    return ["nsenter", "--target", pid, "--user", "--mount", "--preserve-credentials"];
  }

  /** The path of a file as programs see it that were started by the launcher. */
  inside(name: string): string {
    return join(this.folder, "disk", name);
  }

  /** The path of the same file as this process sees it. */
  seen(name: string): string {
    return join("/proc", String(this.holder.child.pid), "root", this.folder, "disk", name);
  }

  /** Takes all space but so many bytes. */
  async fill(leftBytes = 0): Promise<void> {
    const filler = this.seen("filler");
    const chunk = " ".repeat(4_096);
    while (appendUntilFull(filler, chunk));
    if (leftBytes > 0) {
      const size = sizeOf(filler) - Math.ceil(leftBytes / 4_096) * 4_096;
      await writeFile(filler, " ".repeat(Math.max(0, size)));
    }
  }

  async empty(): Promise<void> {
    await rm(this.seen("filler"), { force: true });
  }

  async unmount(): Promise<void> {
    await this.holder.end("SIGKILL");
  }
}
