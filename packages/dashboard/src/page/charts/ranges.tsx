import { scaleLog } from "d3-scale";
import type { VNode } from "preact";
import { useWidth } from "./width.ts";

interface RangesProps {
  readonly title: string;
  readonly rows: readonly {
    readonly name: string;
    readonly colour: string;
    /** The value that half of all stay below, and the one that nearly all do. */
    readonly middle: number;
    readonly high: number;
  }[];
  readonly show: (value: number) => string;
}

const LEFT = 150;
const LINE = 22;

/** From the middle to the high end of what was measured, on a logarithmic scale. */
export function Ranges({ title, rows, show }: RangesProps): VNode {
  const [element, width] = useWidth();
  const known = rows.filter(({ middle, high }) => middle > 0 && high > 0);
  const low = Math.min(...known.map(({ middle }) => middle), 1e12);
  const top = Math.max(...known.map(({ high }) => high), low * 10);
  const x = scaleLog([low / 1.5, top * 1.5], [LEFT, width - 60]);
  const height = known.length * LINE + 20;
  const ticks = powers(low / 1.5, top * 1.5);
  return (
    <figure class="chart" ref={element}>
      <svg
        role="img"
        aria-label={`${title}: ${known.map(({ name, middle, high }) => `${name} ${show(middle)} to ${show(high)}`).join(", ")}`}
        width={width}
        height={height}
        viewBox={`0 0 ${width} ${height}`}
      >
        {ticks.map((tick) => (
          <g key={tick}>
            <line class="grid" x1={x(tick)} x2={x(tick)} y1={0} y2={height - 20} />
            <text class="tick" x={x(tick)} y={height - 5} text-anchor="middle">
              {show(tick)}
            </text>
          </g>
        ))}
        {known.map(({ name, colour, middle, high }, at) => (
          <g key={name} class={`range ${colour}`}>
            <title>{`${name}: half within ${show(middle)}, 95 % within ${show(high)}`}</title>
            <text class="lane" x={0} y={at * LINE + 15}>
              {name.length > 22 ? `${name.slice(0, 21)}…` : name}
            </text>
            <line x1={x(middle)} x2={x(high)} y1={at * LINE + 11} y2={at * LINE + 11} />
            <circle cx={x(middle)} cy={at * LINE + 11} r="5" />
            <text class="tick" x={x(high) + 6} y={at * LINE + 15}>
              {show(high)}
            </text>
          </g>
        ))}
      </svg>
    </figure>
  );
}

/** The powers of ten within a range. */
function powers(from: number, to: number): readonly number[] {
  const first = Math.ceil(Math.log10(from));
  const last = Math.floor(Math.log10(to));
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => 10 ** (first + at));
}
