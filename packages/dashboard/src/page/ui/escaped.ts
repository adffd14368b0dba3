import { escapeUnsafeLines } from "@cctelemetry/core/text";
import { options, type VNode } from "preact";

const spoken = ["title", "aria-label"] as const;

/**
 * From now on every text that is drawn shows control, bidirectional and invisible characters as
 * escapes, wherever it came from: names of stages, tools and models are what telemetry says.
 */
export function escapeWhatIsDrawn(): void {
  const before = options.vnode;
  options.vnode = (node) => {
    if (typeof node.type === "string") escapeProperties(node.props);
    before?.(node);
  };
}

function escapeProperties(properties: VNode["props"] & Record<string, unknown>): void {
  const { children } = properties;
  if (typeof children === "string") properties.children = escapeUnsafeLines(children);
  else if (Array.isArray(children)) properties.children = children.map(escapedChild);
  for (const name of spoken) {
    const text = properties[name];
    if (typeof text === "string") properties[name] = escapeUnsafeLines(text);
  }
}

function escapedChild<Child>(child: Child): Child | string {
  return typeof child === "string" ? escapeUnsafeLines(child) : child;
}
