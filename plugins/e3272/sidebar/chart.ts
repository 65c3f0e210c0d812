/** The signal of the last hour as a line, with its values for those who do not see it. */

import type { ModemShown, Point } from '../shapes';
import { h, setText, svg } from './dom';
import { t } from './words';

const [WIDTH, HEIGHT, LEFT, BOTTOM] = [260, 64, 30, 14];
/** The newest value has a dot, whole at the edge too. */
const RIGHT = WIDTH - 3;
const HOUR = 3_600;

export interface Chart {
  readonly element: HTMLElement;
  show(chart: ModemShown['chart']): void;
}

export function makeChart(): Chart {
  const line = svg('polyline', { class: 'e3272-line', attr: { fill: 'none' } });
  const dot = svg('circle', { class: 'e3272-dot', attr: { r: 2.5 } });
  const [top, low] = [label(LEFT - 3, 8), label(LEFT - 3, HEIGHT - BOTTOM)];
  const [from, now] = [label(LEFT, HEIGHT - 2, 'start'), label(WIDTH, HEIGHT - 2)];
  const axes = svg('path', {
    class: 'e3272-axis',
    attr: { d: `M${LEFT} 2V${HEIGHT - BOTTOM}H${WIDTH}`, fill: 'none' },
  });
  const picture = svg(
    'svg',
    { attr: { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, 'aria-hidden': 'true' } },
    axes,
    line,
    dot,
    top,
    low,
    from,
    now,
  );
  const said = h('p', { class: 'e3272-unseen' });
  const element = h('div', { class: 'e3272-chart' }, picture, said);
  from.textContent = t('chart.hour');
  now.textContent = t('chart.now');
  return {
    element,
    show(chart) {
      const points = chart?.points ?? [];
      element.hidden = points.length < 2;
      if (!chart || points.length < 2) return;
      const values = points.map(([, dbm]) => dbm);
      const [least, most] = span(values);
      const place = ([ago, dbm]: Point) => {
        const x = RIGHT - (Math.min(ago, HOUR) / HOUR) * (RIGHT - LEFT);
        const y = 4 + ((most - dbm) / (most - least)) * (HEIGHT - BOTTOM - 8);
        return [x.toFixed(1), y.toFixed(1)] as const;
      };
      line.setAttribute('points', points.map((point) => place(point).join(',')).join(' '));
      const last = points.at(-1);
      if (last) {
        const [x, y] = place(last);
        dot.setAttribute('cx', x);
        dot.setAttribute('cy', y);
      }
      setText(top, String(most));
      setText(low, String(least));
      const [now, low0, high] = [values.at(-1) ?? 0, Math.min(...values), Math.max(...values)];
      setText(said, t('chart.said', { label: chart.label, now, least: low0, most: high }));
    },
  };
}

/** In steps of ten, and never flat. */
function span(values: readonly number[]): readonly [number, number] {
  const least = Math.floor(Math.min(...values) / 10) * 10;
  const most = Math.ceil(Math.max(...values) / 10) * 10;
  return least === most ? [least - 10, most] : [least, most];
}

const label = (x: number, y: number, anchor = 'end') =>
  svg('text', { class: 'e3272-scale', attr: { x, y, 'text-anchor': anchor } });
