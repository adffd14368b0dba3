export type { Durability, Receiver, ReceiverCounts, ReceiverOptions } from "./server.ts";
