import type { OverviewPoint } from '../views.ts';

const WIDTH = 600;
const HEIGHT = 120;
const GAP = 3;

interface Props {
  title: string;
  points: readonly OverviewPoint[];
  value: (point: OverviewPoint) => number;
  /** The part of a bar that is shown in the colour of trouble. */
  part?: (point: OverviewPoint) => number;
  /** A value in words. */
  say: (point: OverviewPoint) => string;
  /** The name of a point on the axis. */
  name: (point: OverviewPoint) => string;
}

/** One bar per point of time. Each says its figures when pointed at; the whole says its range to who cannot see it. */
export function Bars({ title, points, value, part, say, name }: Props) {
  const most = Math.max(...points.map(value), 0);
  const first = points[0];
  const last = points.at(-1);
  if (!first || !last) return null;
  const peak = points.reduce((best, point) => (value(point) > value(best) ? point : best), first);
  const step = WIDTH / points.length;
  const height = (amount: number) => (most > 0 ? (amount / most) * (HEIGHT - 4) : 0);
  return (
    <figure class="card chart">
      <figcaption>
        {title}
        <small>{most > 0 ? `most: ${say(peak)}, ${name(peak)}` : 'nothing yet'}</small>
      </figcaption>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${title}, ${name(first)} to ${name(last)}; most: ${say(peak)}`}
      >
        <line class="axis" x1="0" x2={WIDTH} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} />
        {points.map((point, index) => (
          <g key={point.at}>
            <title>{`${name(point)}: ${say(point)}`}</title>
            <Bar x={index * step} width={step} height={height(value(point))} tone="bar-all" />
            {part && <Bar x={index * step} width={step} height={height(part(point))} tone="bar-part" />}
          </g>
        ))}
      </svg>
      <div class="ends">
        <span>{name(first)}</span>
        <span>{name(last)}</span>
      </div>
    </figure>
  );
}

function Bar({ x, width, height, tone }: { x: number; width: number; height: number; tone: string }) {
  return (
    <rect class={tone} x={x + GAP / 2} y={HEIGHT - height} width={Math.max(width - GAP, 1)} height={height} />
  );
}
