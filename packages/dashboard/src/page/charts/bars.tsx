import type { VNode } from "preact";
import { LinkButton } from "../ui/controls.tsx";
import { Legend } from "./legend.tsx";

/** One bar: its length is `value`, its parts share it. */
export interface Bar {
  readonly name: string;
  readonly colour: string;
  readonly value: number;
  readonly parts: readonly {
    readonly name: string;
    readonly colour: string;
    readonly value: number;
  }[];
  /** Short texts to the right, one per heading. */
  readonly facts: readonly string[];
  readonly isBad?: boolean;
}

interface BarsProps {
  readonly title: string;
  readonly headings: readonly string[];
  readonly bars: readonly Bar[];
  readonly onOpen?: (name: string) => void;
}

/** Bars under each other with what they stand for beside them. */
export function Bars({ title, headings, bars, onOpen }: BarsProps): VNode {
  const most = Math.max(...bars.map(({ value }) => value), 0) || 1;
  const parts = bars[0]?.parts ?? [];
  return (
    <figure class="chart">
      <div class="table-scroll plain">
        <table class="bars">
          <caption class="aside">{title}</caption>
          <thead>
            <tr>
              <th scope="col" class="aside-head">
                {title}
              </th>
              <td class="bar-head" />
              {headings.map((heading) => (
                <th key={heading} scope="col" class="number">
                  {heading}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {bars.map((bar) => (
              <tr key={bar.name} data-bar={bar.name}>
                <th scope="row" title={bar.name}>
                  <span class={`swatch ${bar.colour}`} aria-hidden="true" />
                  {onOpen === undefined ? (
                    bar.name
                  ) : (
                    <LinkButton onClick={() => onOpen(bar.name)}>{bar.name}</LinkButton>
                  )}
                </th>
                <td class="bar-cell">
                  <BarParts bar={bar} most={most} />
                </td>
                {bar.facts.map((fact, at) => (
                  <td
                    key={at}
                    class={
                      bar.isBad === true && at === bar.facts.length - 1 ? "number bad" : "number"
                    }
                  >
                    {fact}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {parts.length > 1 && <Legend items={parts.map(({ name, colour }) => ({ name, colour }))} />}
    </figure>
  );
}

function BarParts({ bar, most }: { readonly bar: Bar; readonly most: number }): VNode {
  const sum = bar.parts.reduce((total, { value }) => total + value, 0);
  return (
    <div class="bar" style={{ width: `${((bar.value / most) * 100).toFixed(2)}%` }}>
      {bar.parts.map(({ name, colour, value }) =>
        value > 0 && sum > 0 ? (
          <span key={name} class={colour} title={name} style={{ flexGrow: String(value / sum) }} />
        ) : null,
      )}
    </div>
  );
}
