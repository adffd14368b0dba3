import type { VNode } from "preact";

interface LegendProps {
  readonly items: readonly {
    readonly name: string;
    readonly colour: string;
    /** A value to stand behind the name. */
    readonly text?: string | undefined;
  }[];
  /** What the values are of. */
  readonly heading?: string | undefined;
}

/** What the colours of a chart mean. */
export function Legend({ items, heading }: LegendProps): VNode {
  return (
    <div class="legend">
      {heading !== undefined && <span class="legend-heading">{heading}</span>}
      {items.map(({ name, colour, text }) => (
        <span key={name} class="legend-item">
          <span class={`swatch ${colour}`} aria-hidden="true" />
          {name}
          {text !== undefined && <span class="quiet"> {text}</span>}
        </span>
      ))}
    </div>
  );
}
