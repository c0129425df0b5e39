import { Anchor, Stack, Text } from '@mantine/core';
import { Link, useLocation } from 'react-router';
import { PageTitle } from './PageTitle';

export function NotFoundPage() {
  const { pathname } = useLocation();
  return (
    <Stack gap="sm">
      <PageTitle text="No such page" />
      <Text className="wrap-anywhere">
        There is nothing at <span className="mono">{pathname}</span>.
      </Text>
      <Text>
        <Anchor component={Link} to="/">
          To the runs
        </Anchor>
        {' or '}
        <Anchor component={Link} to="/submit">
          submit an experiment
        </Anchor>
        .
      </Text>
    </Stack>
  );
}
