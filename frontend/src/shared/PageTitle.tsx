import { Title } from '@mantine/core';
import { useEffect, useRef, type ReactNode } from 'react';
import { useLocation } from 'react-router';

/** The page's heading. It takes the focus after a change of page, so that a screen reader says where one is now. */
export function PageTitle({ text, children }: { text: string; children?: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const { key } = useLocation();

  useEffect(() => {
    document.title = `${text} · Gnomon`;
  }, [text]);

  useEffect(() => {
    // "default" is the first page of a visit: the browser has put the focus where it belongs.
    if (key !== 'default') heading.current?.focus({ preventScroll: true });
  }, [key]);

  return (
    <Title order={1} ref={heading} tabIndex={-1} className="wrap-anywhere">
      {children ?? text}
    </Title>
  );
}
