import { scaleBand, scaleLinear } from "d3-scale";
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { Legend } from "./legend.tsx";
import { labelStep, type Series, totalsOf } from "./stack.ts";
import { useWidth } from "./width.ts";

interface ColumnsProps {
  /** What the chart shows, for screen readers. */
  readonly title: string;
  readonly labels: readonly string[];
  readonly series: readonly Series[];
  readonly show: (value: number) => string;
  readonly height?: number;
}

const LEFT = 52;
const BOTTOM = 20;
const TOP = 8;

/** Columns side by side, each of parts on top of each other. */
export function Columns({ title, labels, series, show, height = 170 }: ColumnsProps): VNode {
  const [element, width] = useWidth();
  const [at, point] = useState<number>();
  const totals = totalsOf(series, labels.length);
  const sums = series.map(({ values }) => values.reduce((sum, value) => sum + value, 0));
  const x = scaleBand(labels.keys(), [LEFT, width]).paddingInner(0.2).paddingOuter(0.1);
  const y = scaleLinear([0, Math.max(...totals, 0) || 1], [height - BOTTOM, TOP]).nice(4);
  const heading = at === undefined ? "all" : `${labels[at] ?? ""}: ${show(totals[at] ?? 0)}`;
  return (
    <figure class="chart" ref={element}>
      <svg
        role="img"
        aria-label={`${title}. ${labels.length} columns, the largest ${show(Math.max(...totals, 0))}.`}
        width={width}
        height={height}
        viewBox={`0 0 ${width} ${height}`}
        onMouseLeave={() => point(undefined)}
      >
        <Grid ticks={y.ticks(4)} y={y} width={width} show={show} />
        {labels.map((label, column) => (
          <Column
            key={column}
            {...{ series, column, y }}
            x={x(column) ?? 0}
            width={x.bandwidth()}
            label={`${label}: ${show(totals[column] ?? 0)}`}
            onPoint={() => point(column)}
            full={[TOP, height - BOTTOM]}
          />
        ))}
        <Labels
          labels={labels}
          x={(column) => (x(column) ?? 0) + x.bandwidth() / 2}
          y={height - 5}
          width={width - LEFT}
        />
      </svg>
      <Legend
        heading={heading}
        items={series.map(({ name, colour, values }, index) => ({
          name,
          colour,
          text: show(at === undefined ? (sums[index] ?? 0) : (values[at] ?? 0)),
        }))}
      />
    </figure>
  );
}

type Scale = (value: number) => number;

export function Grid(props: {
  readonly ticks: readonly number[];
  readonly y: Scale;
  readonly width: number;
  readonly show: (value: number) => string;
}): VNode {
  const { ticks, y, width, show } = props;
  return (
    <g>
      {ticks.map((tick) => (
        <g key={tick}>
          <line class="grid" x1={LEFT} x2={width} y1={y(tick)} y2={y(tick)} />
          <text class="tick" x={LEFT - 6} y={y(tick) + 4} text-anchor="end">
            {show(tick)}
          </text>
        </g>
      ))}
    </g>
  );
}

export function Labels(props: {
  readonly labels: readonly string[];
  readonly x: (at: number) => number;
  readonly y: number;
  readonly width: number;
}): VNode {
  const { labels, x, y, width } = props;
  const step = labelStep(labels, width);
  return (
    <g>
      {labels.map((label, at) =>
        at % step === 0 ? (
          <text key={at} class="tick" x={x(at)} y={y} text-anchor="middle">
            {label}
          </text>
        ) : null,
      )}
    </g>
  );
}

function Column(props: {
  readonly series: readonly Series[];
  readonly column: number;
  readonly x: number;
  readonly width: number;
  readonly y: Scale;
  readonly label: string;
  readonly full: readonly [number, number];
  readonly onPoint: () => void;
}): VNode {
  const { series, column, x, width, y, label, full, onPoint } = props;
  const parts = series.map(({ name, colour, values }, index) => {
    const below = series
      .slice(0, index)
      .reduce((sum, other) => sum + (other.values[column] ?? 0), 0);
    const value = values[column] ?? 0;
    return {
      name,
      colour,
      top: y(below + value),
      height: Math.max(0, y(below) - y(below + value)),
    };
  });
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: pointing shows what the table below has
    <g onMouseEnter={onPoint}>
      <title>{label}</title>
      <rect class="target" x={x} y={full[0]} width={width} height={full[1] - full[0]} />
      {parts.map(({ name, colour, top, height }) =>
        height > 0 ? (
          <rect key={name} class={colour} x={x} y={top} width={width} height={height} />
        ) : null,
      )}
    </g>
  );
}
