import 'uplot/dist/uPlot.min.css';
import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useMemo, useRef } from 'react';
import uPlot from 'uplot';
import { formatDuration, formatTick } from '../format/duration';
import { formatRatio } from '../format/ratio';
import type { ProgressSample } from './runEvents';

const HEIGHT_PIXELS = 170;
const NANOS_PER_SECOND = 1e9;
/** uPlot's enumeration of sides has types only, no value at run time. */
// eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment
const RIGHT = 1 as uPlot.Axis.Side;

function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function toColumns(samples: readonly ProgressSample[]): uPlot.AlignedData {
  return [
    samples.map((sample) => sample.wallNanos / NANOS_PER_SECOND),
    samples.map((sample) => sample.virtualNanos / NANOS_PER_SECOND),
    samples.map((sample) => sample.ratio),
  ];
}

/** Steps between ticks that are round as times: 30 s and 1 min rather than 25 s and 50 s. */
const STEPS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400, 21600, 43200, 86400, 172800, 432000, 864000];

const ticks: uPlot.Axis.DynamicValues = (_, values) => values.map((value) => formatTick(value * NANOS_PER_SECOND));
const seconds = (value: number | null) => (value === null ? '–' : formatDuration(value * NANOS_PER_SECOND));

function optionsFor(width: number): uPlot.Options {
  const axis = { stroke: colour('--gnomon-dimmed'), grid: { stroke: colour('--gnomon-line'), width: 1 }, font: '11px system-ui', size: 58 };
  return {
    width,
    height: HEIGHT_PIXELS,
    legend: { live: true },
    cursor: { drag: { x: false, y: false } },
    scales: { x: { time: false, range: (_, __, max) => [0, max || 1] }, virtual: { range: (_, __, max) => [0, max || 1] }, ratio: { range: (_, __, max) => [0, (max || 1) * 1.1] } },
    axes: [
      { ...axis, size: 28, space: 70, incrs: STEPS, values: ticks },
      { ...axis, scale: 'virtual', incrs: STEPS, values: ticks },
      { ...axis, scale: 'ratio', side: RIGHT, grid: { show: false }, values: (_, values) => values.map((value) => (value === 0 ? '0' : formatRatio(value))) },
    ],
    series: [
      { label: 'wall time', value: (_, value) => seconds(value) },
      { label: 'virtual time', scale: 'virtual', stroke: colour('--gnomon-busy'), width: 2, points: { show: false }, value: (_, value) => seconds(value) },
      { label: 'ratio', scale: 'ratio', stroke: colour('--gnomon-warn'), width: 1.5, dash: [6, 4], points: { show: false }, value: (_, value) => formatRatio(value) },
    ],
  };
}

/** Virtual time and ratio over wall time. */
export function ProgressChart({ samples }: { samples: readonly ProgressSample[] }) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const scheme = useComputedColorScheme('light');
  const columns = useMemo(() => toColumns(samples), [samples]);

  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const drawn = new uPlot(optionsFor(element.clientWidth), [[], [], []], element);
    plot.current = drawn;
    const observer = new ResizeObserver(() => drawn.setSize({ width: element.clientWidth, height: HEIGHT_PIXELS }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      drawn.destroy();
      plot.current = null;
    };
    // Colours are read when the plot is made: another scheme needs another plot.
  }, [scheme]);

  useEffect(() => {
    plot.current?.setData(columns);
  }, [columns, scheme]);

  const last = samples.at(-1);
  const summary =
    last === undefined
      ? 'No progress yet'
      : `Virtual time and ratio over wall time. Last: ${formatDuration(last.virtualNanos)} after ${formatDuration(last.wallNanos)}, ratio ${formatRatio(last.ratio)}.`;
  return <div ref={box} className="chart" role="img" aria-label={summary} style={{ marginTop: '0.9rem', minHeight: HEIGHT_PIXELS }} />;
}
