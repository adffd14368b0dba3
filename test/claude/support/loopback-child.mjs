// Started in a network of its own: opens a socket there, hands it to its parent, and keeps the
// network alive until the parent lets go.
import { createServer } from "node:net";

const socket = createServer();
socket.listen(0, "127.0.0.1", () => {
  process.send?.("listening", socket, {}, () => socket.close());
});
process.on("message", () => undefined);
process.on("disconnect", () => process.exit());
