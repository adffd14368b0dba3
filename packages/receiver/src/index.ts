export type { Signal } from "./intake.ts";
export { type Addresses, type LockContent, lockHolder } from "./lock.ts";
export {
  type Durability,
  type Receiver,
  type ReceiverCounts,
  type ReceiverOptions,
  startReceiver,
} from "./server.ts";
export { tokenFault } from "./token.ts";
