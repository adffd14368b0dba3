export { tokenFault } from "./admission/token.ts";
export type { Signal } from "./export-request.ts";
export type { Destination } from "./forward/send.ts";
export type { ForwardState } from "./forward-state.ts";
export type { MetricsPage } from "./http/page.ts";
export type { Durability } from "./journal/durability.ts";
export { type Addresses, type LockContent, lockHolder } from "./journal/lock.ts";
export { holderOf, receiverAt } from "./port-holder.ts";
export type { Refused } from "./refusals.ts";
export { type SendProtocol, sendProtocols, sendRecord } from "./self-test/send.ts";
export {
  type Receiver,
  type ReceiverCounts,
  type ReceiverOptions,
  startReceiver,
} from "./server.ts";
