import { Anchor, Button, Group, List, Text, Title } from '@mantine/core';
import { Link } from 'react-router';

/** For someone who is here for the first time. */
export function Welcome() {
  return (
    <section className="panel" aria-labelledby="welcome">
      <Title order={2} id="welcome" mb="xs">
        Nothing has been run yet
      </Title>
      <Text maw="44rem">
        An experiment is a YAML file: a network, hosts on it, and the Linux programs that each host runs. Gnomon starts the real,
        unmodified programs and lets them talk over the simulated network in virtual time, the same way every time.
      </Text>
      <List type="ordered" my="sm" spacing={4}>
        <List.Item>Open the submit page with the small web example: one server, three clients.</List.Item>
        <List.Item>Look it over. Mistakes show at their line while you type.</List.Item>
        <List.Item>Submit and run. The run’s page shows progress, what each program printed, and files to download.</List.Item>
      </List>
      <Group>
        <Button component={Link} to="/submit?example=web">
          Open the web example
        </Button>
        <Anchor component={Link} to="/submit">
          Start from an empty definition
        </Anchor>
      </Group>
    </section>
  );
}
