import { ActionIcon, Container, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link, NavLink } from 'react-router';
import { showStatus } from '../api/runs';

const STATUS_MILLIS = 5000;

function StatusLine() {
  const { data, isError } = useQuery({
    queryKey: ['status'],
    queryFn: ({ signal }) => showStatus(signal),
    refetchInterval: STATUS_MILLIS,
  });
  if (isError) {
    return (
      <span className="frame-status tone-bad" role="status">
        service not reachable
      </span>
    );
  }
  if (data === undefined) return null;
  return (
    <span className="frame-status" title={`Gnomon ${data.version}`}>
      {data.running} running · {data.queued} queued
    </span>
  );
}

function SchemeButton() {
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('light');
  const other = scheme === 'dark' ? 'light' : 'dark';
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      aria-label={`Switch to ${other} colours`}
      title={`Switch to ${other} colours`}
      onClick={() => setColorScheme(other)}
    >
      <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
        <circle cx="8" cy="8" r="6.5" fill="none" stroke="currentColor" strokeWidth="1.5" />
        <path d="M8 1.5a6.5 6.5 0 0 1 0 13z" fill="currentColor" />
      </svg>
    </ActionIcon>
  );
}

/** What stands around every page. */
export function Frame({ children }: { children: ReactNode }) {
  return (
    <>
      <a className="skip" href="#main">
        Skip to the content
      </a>
      <header className="frame-header">
        <Container size="xl" className="frame-bar">
          <Link to="/" className="frame-brand" aria-label="Gnomon, first page">
            <img src="/gnomon.svg" alt="" width="22" height="22" />
            <span>Gnomon</span>
          </Link>
          <nav className="frame-nav" aria-label="Pages">
            <NavLink to="/" end>
              Runs
            </NavLink>
            <NavLink to="/submit">Submit</NavLink>
          </nav>
          <StatusLine />
          <SchemeButton />
        </Container>
      </header>
      <Container size="xl" component="main" id="main" className="frame-main">
        {children}
      </Container>
    </>
  );
}
