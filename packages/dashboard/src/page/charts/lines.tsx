import { scaleLinear } from "d3-scale";
import { line } from "d3-shape";
import type { VNode } from "preact";
import { Grid, Labels } from "./columns.tsx";
import { Legend } from "./legend.tsx";
import { useWidth } from "./width.ts";

interface LinesProps {
  readonly title: string;
  readonly labels: readonly string[];
  readonly series: readonly {
    readonly name: string;
    readonly colour: string;
    /** undefined if there is no value: the line has a gap. */
    readonly values: readonly (number | undefined)[];
  }[];
  readonly show: (value: number) => string;
  /** The top of the scale; the largest value by default. */
  readonly most?: number;
  readonly height?: number;
}

/** Values over time as lines with a dot at each. */
export function Lines({ title, labels, series, show, most, height = 150 }: LinesProps): VNode {
  const [element, width] = useWidth();
  const values = series.flatMap((each) => each.values.filter((value) => value !== undefined));
  const x = scaleLinear([0, Math.max(1, labels.length - 1)], [72, width - 20]);
  const y = scaleLinear([0, most ?? (Math.max(...values, 0) || 1)], [height - 20, 8]);
  const path = line<number | undefined>()
    .defined((value) => value !== undefined)
    .x((_, at) => x(at))
    .y((value) => y(value ?? 0));
  const lowest = values.length === 0 ? 0 : Math.min(...values);
  return (
    <figure class="chart" ref={element}>
      <svg
        role="img"
        aria-label={`${title}, from ${show(lowest)} to ${show(Math.max(...values, 0))}.`}
        width={width}
        height={height}
        viewBox={`0 0 ${width} ${height}`}
      >
        <Grid ticks={y.ticks(4)} y={y} width={width} show={show} />
        {series.map((each) => (
          <g key={each.name} class={`line ${each.colour}`}>
            <path d={path(each.values) ?? ""} />
            {each.values.map((value, at) =>
              value === undefined ? null : (
                <circle key={at} cx={x(at)} cy={y(value)} r="3">
                  <title>{`${labels[at] ?? ""} ${each.name}: ${show(value)}`}</title>
                </circle>
              ),
            )}
          </g>
        ))}
        <Labels labels={labels} x={x} y={height - 5} width={width - 92} />
      </svg>
      {series.length > 1 && <Legend items={series} />}
    </figure>
  );
}

/** A small line without axes; says nothing that is not written beside it. */
export function Sparkline({ values }: { readonly values: readonly number[] }): VNode {
  const [width, height] = [90, 20];
  const x = scaleLinear([0, Math.max(1, values.length - 1)], [1, width - 1]);
  const y = scaleLinear([0, Math.max(...values, 1e-9)], [height - 2, 2]);
  const path = line<number>()
    .x((_, at) => x(at))
    .y((value) => y(value));
  return (
    <svg class="sparkline" width={width} height={height} aria-hidden="true">
      <path d={path(values) ?? ""} />
    </svg>
  );
}
