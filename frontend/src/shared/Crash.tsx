import { Alert, Button, Stack, Text } from '@mantine/core';
import { Component, type ReactNode } from 'react';

/** Shows what went wrong where a page could not be drawn, instead of nothing. */
export class Crash extends Component<{ children: ReactNode }, { error: Error | null }> {
  override state = { error: null as Error | null };

  static getDerivedStateFromError(error: unknown) {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render() {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return (
      <Alert color="red" title="This page could not be shown" role="alert">
        <Stack gap="xs" align="flex-start">
          <Text className="wrap-anywhere">{error.message}</Text>
          <Text>The service may have been updated since the page was loaded; loading it again may help.</Text>
          <Button size="xs" variant="default" onClick={() => window.location.reload()}>
            Load again
          </Button>
        </Stack>
      </Alert>
    );
  }
}
