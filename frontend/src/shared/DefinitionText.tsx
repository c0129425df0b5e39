import { useMemo, useRef } from 'react';
import { CodeLine } from './CodeLine';
import { rowHeight, useVisibleLines } from './useVisibleLines';

const MOST_ROWS = 32;

/** A stored definition, to read: line numbers, light colours, only the lines in sight in the document. */
export function DefinitionText({ text }: { text: string }) {
  const lines = useMemo(() => text.replace(/\r\n/g, '\n').replace(/\n$/, '').split('\n'), [text]);
  const scroller = useRef<HTMLDivElement>(null);
  const row = rowHeight();
  const { first, last, top, measure } = useVisibleLines(scroller, lines.length, row);
  const widest = useMemo(() => lines.reduce((most, line) => Math.max(most, line.length), 0), [lines]);
  const shown = lines.slice(first, last);
  return (
    <div className="code" style={{ height: Math.min(lines.length + 1.5, MOST_ROWS) * row }}>
      <div className="code-gutter" aria-hidden="true" style={{ width: `${String(lines.length).length + 3.4}ch` }}>
        {shown.map((_, index) => (
          <div key={first + index} style={{ top: (first + index) * row - top + 6 }}>
            {first + index + 1}
          </div>
        ))}
      </div>
      <div className="code-scroll" ref={scroller} onScroll={(event) => measure(event.currentTarget)} tabIndex={0} role="region" aria-label="Definition, as given">
        <div style={{ position: 'relative', height: lines.length * row + 12, width: `calc(${widest}ch + 1.4rem)`, minWidth: '100%' }}>
          {shown.map((line, index) => (
            <div key={first + index} className="code-line" style={{ top: (first + index) * row + 6 }}>
              <CodeLine text={line} />
            </div>
          ))}
        </div>
      </div>
    </div>
  );
}
