import { scaleLinear } from "d3-scale";
import type { VNode } from "preact";
import { durationText } from "../data/text.ts";
import { useWidth } from "./width.ts";

/** Something with a beginning and an end, in milliseconds, on a lane. */
export interface TimelineSpan {
  readonly key: string;
  readonly name: string;
  readonly colour: string;
  readonly start: number;
  readonly end: number;
  readonly lane: number;
  /** What is shown on hover. */
  readonly text: string;
  readonly isBad?: boolean;
}

interface TimelineProps {
  readonly title: string;
  readonly spans: readonly TimelineSpan[];
  /** Names left of the lanes; no room is kept without them. */
  readonly laneNames?: readonly string[];
  readonly laneHeight?: number;
}

const AXIS = 20;

/** Spans side by side over time; those at the same time on lanes of their own. */
export function Timeline({ title, spans, laneNames, laneHeight = 22 }: TimelineProps): VNode {
  const [element, width] = useWidth();
  const left = laneNames === undefined ? 16 : 150;
  const start = Math.min(...spans.map((span) => span.start));
  const end = Math.max(...spans.map((span) => span.end), start + 1);
  const x = scaleLinear([0, end - start], [left, width - 16]);
  const lanes = Math.max(...spans.map(({ lane }) => lane), 0) + 1;
  const height = lanes * laneHeight + AXIS;
  const ticks = x.ticks(Math.max(2, Math.floor(width / 140)));
  return (
    <figure class="chart" ref={element}>
      <svg
        role="img"
        aria-label={`${title}. ${spans.length} spans within ${durationText(end - start)}.`}
        width={width}
        height={height}
        viewBox={`0 0 ${width} ${height}`}
      >
        {ticks.map((tick) => (
          <g key={tick}>
            <line class="grid" x1={x(tick)} x2={x(tick)} y1={0} y2={height - AXIS} />
            <text class="tick" x={x(tick)} y={height - 5} text-anchor="middle">
              {durationText(tick)}
            </text>
          </g>
        ))}
        {laneNames?.map((name, lane) => (
          <text key={lane} class="lane" x={0} y={lane * laneHeight + laneHeight / 2 + 4}>
            {name.length > 22 ? `${name.slice(0, 21)}…` : name}
          </text>
        ))}
        {spans.map((span) => (
          <SpanBox
            key={span.key}
            span={span}
            x={x(span.start - start)}
            width={Math.max(2, x(span.end - start) - x(span.start - start))}
            y={span.lane * laneHeight}
            height={laneHeight}
            isNamed={laneNames === undefined}
          />
        ))}
      </svg>
    </figure>
  );
}

function SpanBox(props: {
  readonly span: TimelineSpan;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly isNamed: boolean;
}): VNode {
  const { span, x, y, width, height, isNamed } = props;
  const fits = isNamed && span.name.length * 7 + 8 < width;
  return (
    <g>
      <title>{span.text}</title>
      <rect
        class={span.isBad === true ? "hue-error" : span.colour}
        x={x}
        y={y + 3}
        width={width}
        height={height - 6}
        rx="2"
      />
      {fits && (
        <text class="on-colour" x={x + 5} y={y + height / 2 + 4}>
          {span.name}
        </text>
      )}
    </g>
  );
}
