import { useCallback, useLayoutEffect, useState, type RefObject } from 'react';

interface Viewport {
  top: number;
  left: number;
  height: number;
}

/** Lines drawn above and below what is seen, so that a quick scroll shows no gap. */
const MARGIN_LINES = 12;

/** Which lines of a scrolled element are in sight: long texts have only those in the document. */
export function useVisibleLines(element: RefObject<HTMLElement | null>, lineCount: number, rowPixels: number) {
  const [viewport, setViewport] = useState<Viewport>({ top: 0, left: 0, height: 600 });

  const measure = useCallback((current: HTMLElement) => {
    const next = { top: current.scrollTop, left: current.scrollLeft, height: current.clientHeight };
    setViewport((known) => (known.top === next.top && known.left === next.left && known.height === next.height ? known : next));
  }, []);

  useLayoutEffect(() => {
    const current = element.current;
    if (current === null || typeof ResizeObserver === 'undefined') return;
    // Reports the first size as well.
    const observer = new ResizeObserver(() => measure(current));
    observer.observe(current);
    return () => observer.disconnect();
  }, [element, measure]);

  const first = Math.max(0, Math.floor(viewport.top / rowPixels) - MARGIN_LINES);
  const last = Math.min(lineCount, Math.ceil((viewport.top + viewport.height) / rowPixels) + MARGIN_LINES);
  return { first, last, top: viewport.top, left: viewport.left, measure };
}

/** The height of one line: `--gnomon-row`, in pixels. */
export function rowHeight(): number {
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  return 1.45 * (Number.isFinite(rem) ? rem : 16);
}
