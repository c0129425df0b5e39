import { Group, Loader, Text } from '@mantine/core';

export function Loading({ what }: { what: string }) {
  return (
    <Group gap="sm" p="md" role="status">
      <Loader size="xs" />
      <Text c="dimmed">Loading {what} …</Text>
    </Group>
  );
}
