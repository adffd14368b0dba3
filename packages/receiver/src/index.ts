export type { Durability } from "./durability.ts";
export type { Signal } from "./export-request.ts";
export { type Addresses, type LockContent, lockHolder } from "./lock.ts";
export { holderOf, receiverAt } from "./port-holder.ts";
export type { Refused } from "./refusals.ts";
export { type SendProtocol, sendProtocols, sendRecord } from "./send.ts";
export {
  type Receiver,
  type ReceiverCounts,
  type ReceiverOptions,
  startReceiver,
} from "./server.ts";
export { tokenFault } from "./token.ts";
