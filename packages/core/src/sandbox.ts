import { storeDefinitionWith } from "./semantics/definition.ts";
import { type SandboxPipes, serveSandbox } from "./store/sandbox-child.ts";

/** The whole life of the process in which a query runs; started by a `QueryProcess`. */
export function serveQuery(pipes: SandboxPipes): Promise<void> {
  return serveSandbox(({ ownTags = {} }) => storeDefinitionWith(ownTags), pipes);
}

export type { SandboxPipes } from "./store/sandbox-child.ts";
