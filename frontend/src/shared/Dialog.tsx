import { Title } from '@mantine/core';
import { useEffect, useId, useRef, type ReactNode } from 'react';

interface Props {
  title: string;
  onClose: () => void;
  children: ReactNode;
}

/** The browser's own modal dialog, open as long as it is drawn: focus stays inside, Escape closes, the rest is inert. */
export function Dialog({ title, onClose, children }: Props) {
  const element = useRef<HTMLDialogElement>(null);
  const titleId = useId();

  useEffect(() => {
    const current = element.current;
    if (current === null) return;
    current.showModal();
    return () => current.close();
  }, []);

  return (
    <dialog
      ref={element}
      className="dialog"
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <Title order={2} id={titleId} mb="xs">
        {title}
      </Title>
      {children}
    </dialog>
  );
}
