import type { ComponentChildren, VNode } from "preact";

/** Something that may be larger than its place; the keyboard reaches and scrolls it. */
export function Scrolled(props: {
  readonly label: string;
  readonly class?: string;
  readonly children: ComponentChildren;
}): VNode {
  return (
    <section
      class={`table-scroll ${props.class ?? ""}`}
      aria-label={props.label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: else the keyboard could not scroll it
      tabIndex={0}
    >
      {props.children}
    </section>
  );
}
