// Started in a network of its own: opens a socket there, hands it to its parent, and keeps the
// network alive until the parent lets go. Where the parent dies it ends what it had started there.
import { readdirSync, readlinkSync } from "node:fs";
import { createServer } from "node:net";

const parents = networkOf(process.ppid);
const own = networkOf(process.pid);

const socket = createServer();
socket.listen(0, "127.0.0.1", () => {
  process.send?.("listening", socket, {}, () => socket.close());
});
process.on("message", () => undefined);
process.on("disconnect", () => {
  // In the network of the whole machine there is nothing that is known to be ours.
  if (own !== undefined && parents !== undefined && own !== parents) endOthers();
  process.exit();
});

function endOthers() {
  const processes = readdirSync("/proc").map(Number).filter(Number.isInteger);
  for (const id of processes) {
    if (id !== process.pid && networkOf(id) === own) end(id);
  }
}

function end(/** @type {number} */ id) {
  try {
    process.kill(id, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}

/** Names the network that a process is in; undefined if that is not known. */
function networkOf(/** @type {number} */ id) {
  try {
    return readlinkSync(`/proc/${id}/ns/net`);
  } catch {
    return undefined;
  }
}
