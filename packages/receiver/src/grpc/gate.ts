import {
  type Metadata,
  ResponderBuilder,
  ServerInterceptingCall,
  type ServerInterceptingCallInterface,
  type ServerInterceptor,
  ServerListenerBuilder,
} from "@grpc/grpc-js";
import type { OriginCheck } from "../admission/hosts.ts";
import { rpcCodes } from "../admission/rpc-status.ts";
import type { TokenCheck } from "../admission/token.ts";
import type { Refusals } from "../refusals.ts";
import { type GrpcStatus, grpcStatus } from "./status.ts";

/** Options of a gate. */
export interface GateOptions {
  readonly originCheck: OriginCheck;
  readonly tokenCheck: TokenCheck;
  /** Calls that may be under way at one time, over all connections. */
  readonly maxCalls: number;
  /** How long a call may take to come in and be answered. */
  readonly requestTimeoutMs: number;
  /** Called with the address of each call; its result is called when the call has ended. */
  readonly onCall: (peer: string) => () => void;
  /** Counts refused senders. */
  readonly refusals: Pick<Refusals, "record">;
}

const BUSY_RETRY_SECONDS = 1;

/**
 * Checks the headers of every call, before its message is read: who sends it, and whether there is
 * room for it. Ends calls that take too long.
 */
export function grpcGate(options: GateOptions): ServerInterceptor {
  let calls = 0;
  return (_method, call) => {
    let finish = (): void => undefined;
    let leave = (): void => undefined;
    const enter = (): void => {
      calls++;
      const timer = setTimeout(() => {
        options.refusals.record("too-slow", tooSlow.details);
        call.sendStatus(tooSlow);
      }, options.requestTimeoutMs);
      leave = () => {
        calls--;
        clearTimeout(timer);
        leave = () => undefined;
      };
    };
    const listener = new ServerListenerBuilder()
      .withOnReceiveMetadata((metadata, pass) => {
        finish = options.onCall(call.getPeer());
        const refusal = refusalOf(call.getHost(), metadata, options);
        if (refusal !== undefined) call.sendStatus(refusal);
        else if (calls >= options.maxCalls) {
          options.refusals.record("busy", busy.details);
          call.sendStatus(busy);
        } else {
          enter();
          pass(metadata);
        }
      })
      // Called at the end of every call, also of answered ones.
      .withOnCancel(() => {
        leave();
        finish();
      })
      .build();
    countRefusals(call, options);
    const responder = new ResponderBuilder().withStart((start) => start(listener)).build();
    return new ServerInterceptingCall(call, responder);
  };
}

/**
 * Counts messages that the library refuses by itself: it ends the call below every interceptor,
 * before a handler sees it.
 */
function countRefusals(
  call: ServerInterceptingCallInterface,
  { refusals }: Pick<GateOptions, "refusals">,
): void {
  const send = call.sendStatus.bind(call);
  call.sendStatus = (status) => {
    const { code, details } = status;
    if (code === rpcCodes.resourceExhausted && typeof details === "string") {
      if (details.startsWith("Received message")) refusals.record("too-large", `gRPC: ${details}`);
    }
    send(status);
  };
}

const busy = grpcStatus({
  code: rpcCodes.unavailable,
  message: "too many calls are under way.",
  retryAfterSeconds: BUSY_RETRY_SECONDS,
});

const tooSlow = grpcStatus({
  code: rpcCodes.deadlineExceeded,
  message: "the request took too long to come in.",
});

/** Why the sender of a call is refused, counted; undefined if it is not. */
function refusalOf(
  authority: string,
  metadata: Metadata,
  { originCheck, tokenCheck, refusals }: GateOptions,
): GrpcStatus | undefined {
  const texts = (name: string): readonly string[] => metadata.get(name).map(String);
  const fault = originCheck({
    hosts: [...new Set([authority, ...texts("host")])],
    origin: texts("origin")[0],
    fetchSite: texts("sec-fetch-site")[0],
  });
  if (fault !== undefined) {
    refusals.record(fault.reason, `gRPC: ${fault.message}`);
    return grpcStatus({ code: rpcCodes.permissionDenied, message: `${fault.message}.` });
  }
  const [authorization] = texts("authorization");
  if (!tokenCheck(authorization)) {
    const what = authorization === undefined ? "no token was sent" : "this is not the token";
    refusals.record("token", `gRPC: ${what}`);
    const message = "a valid bearer token is needed.";
    return grpcStatus({ code: rpcCodes.unauthenticated, message });
  }
  return undefined;
}
