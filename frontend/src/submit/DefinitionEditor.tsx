import { useImperativeHandle, useMemo, useRef, type KeyboardEvent, type Ref } from 'react';
import type { DefinitionProblem } from '../api/problem';
import { CodeLine } from '../shared/CodeLine';
import { rowHeight, useVisibleLines } from '../shared/useVisibleLines';
import { markersByLine, offsetOf, type LineMarker } from './markers';

export interface EditorHandle {
  /** Puts the caret to a line and column, both from 1, and brings it into sight. */
  goTo: (line: number, column: number) => void;
}

interface Props {
  value: string;
  errors: readonly DefinitionProblem[];
  notices: readonly DefinitionProblem[];
  describedBy: string;
  onChange: (value: string) => void;
  onSubmit: () => void;
  ref?: Ref<EditorHandle>;
}

/** Beyond these the text is shown plain: drawing over it would cost more than it helps. */
const DRAWN_LIMIT_CHARACTERS = 1_000_000;
const DRAWN_LINE_LIMIT = 2000;
/** The text's padding above the first line, in pixels at the usual font size: `.code-input` in styles.css. */
const PADDING_ROWS = 0.35 / 1.45;

function indentOf(text: string, caret: number): string {
  const lineStart = text.lastIndexOf('\n', caret - 1) + 1;
  return /^ */.exec(text.slice(lineStart, caret))?.[0] ?? '';
}

/**
 * A plain text area, so that selection, undo, spelling, touch and screen readers work as everywhere, with line numbers and markers
 * beside it and colours, marks and messages drawn over it. Only lines in sight are drawn.
 */
export function DefinitionEditor({ value, errors, notices, describedBy, onChange, onSubmit, ref }: Props) {
  const input = useRef<HTMLTextAreaElement>(null);
  const lines = useMemo(() => value.split('\n'), [value]);
  const row = rowHeight();
  const { first, last, top, left, measure } = useVisibleLines(input, lines.length, row);
  const markers = useMemo(() => markersByLine(lines, errors, notices), [lines, errors, notices]);
  const isDrawnOver = useMemo(
    () => value.length <= DRAWN_LIMIT_CHARACTERS && !lines.some((line) => line.length > DRAWN_LINE_LIMIT),
    [value, lines],
  );

  useImperativeHandle(ref, () => ({
    goTo: (line, column) => {
      const current = input.current;
      if (current === null) return;
      const offset = offsetOf(current.value.split('\n'), line, column);
      current.focus({ preventScroll: true });
      current.setSelectionRange(offset, offset);
      current.scrollTop = Math.max(0, (line - 1) * row - current.clientHeight / 3);
      current.scrollLeft = 0;
      current.scrollIntoView({ block: 'nearest' });
      measure(current);
    },
  }));

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key !== 'Enter' || event.nativeEvent.isComposing) return;
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      onSubmit();
      return;
    }
    const { selectionStart, selectionEnd } = event.currentTarget;
    const indent = indentOf(value, selectionStart);
    if (indent === '' || event.shiftKey || selectionStart !== selectionEnd) return;
    // Deprecated, but the one way to insert text that the browser's undo knows of.
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    if (document.execCommand('insertText', false, `\n${indent}`)) event.preventDefault();
  };

  const topOf = (index: number) => (index + PADDING_ROWS) * row - top;
  const visible = lines.slice(first, last);

  return (
    <>
      <div className="code-gutter" aria-hidden="true" style={{ width: `${String(lines.length).length + 3.4}ch` }}>
        {visible.map((_, index) => {
          const marker = markers.get(first + index + 1);
          return (
            <div
              key={first + index}
              style={{ top: topOf(first + index) }}
              className={marker === undefined ? '' : marker.kind === 'error' ? 'tone-bad' : 'tone-warn'}
              title={marker?.messages.join('\n')}
              data-line={first + index + 1}
              data-marker={marker?.kind}
            >
              {marker !== undefined && <span className="marker">{marker.kind === 'error' ? '●' : '▲'}</span>}
              {first + index + 1}
            </div>
          );
        })}
      </div>
      <div className="code-area">
        <div className="code-lines" aria-hidden="true">
          {visible.map((line, index) => (
            <Line
              key={first + index}
              text={line}
              isDrawn={isDrawnOver}
              marker={markers.get(first + index + 1)}
              style={{ top: topOf(first + index), transform: `translateX(${-left}px)` }}
            />
          ))}
        </div>
        <textarea
          ref={input}
          className={isDrawnOver ? 'code-input is-drawn-over' : 'code-input'}
          aria-label="Definition of the experiment, YAML"
          aria-describedby={describedBy}
          aria-invalid={errors.length > 0}
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="off"
          autoCorrect="off"
          wrap="off"
          value={value}
          onChange={(event) => onChange(event.currentTarget.value)}
          onKeyDown={onKeyDown}
          onScroll={(event) => measure(event.currentTarget)}
        />
      </div>
    </>
  );
}

interface LineProps {
  text: string;
  isDrawn: boolean;
  marker: LineMarker | undefined;
  style: { top: number; transform: string };
}

function Line({ text, isDrawn, marker, style }: LineProps) {
  return (
    <div className={marker === undefined ? 'code-line' : `code-line ${marker.kind}`} style={style}>
      {isDrawn && <CodeLine text={text} />}
      {marker?.spans.map((span, index) => (
        <span
          key={index}
          className={`squiggle ${span.kind === 'error' ? 'tone-bad' : 'tone-warn'}`}
          style={{ left: `calc(0.6rem + ${span.column - 1}ch)`, width: `${span.endColumn - span.column}ch` }}
        />
      ))}
      {isDrawn && marker !== undefined && (
        <span className={`message ${marker.kind === 'error' ? 'tone-bad' : 'tone-warn'}`}>{marker.messages.join(' · ')}</span>
      )}
    </div>
  );
}
