/** The definition that a newcomer starts from. */
export const WEB_EXAMPLE = `# One web server, three clients, one switch. Change it: mistakes show at their line.
experiment:
  name: web
  description: Three clients fetch a listing from Python's web server

general:
  stop_time: 10 s

network:
  graph:
    type: 1_gbit_switch

hosts:
  server:
    network_node_id: 0
    processes:
      - path: python3
        args: -u -m http.server 80
        start_time: 1 s
        expected_final_state: running
  client1: &client
    network_node_id: 0
    processes:
      - path: curl
        args: --silent --show-error http://server/
        start_time: 3 s
  client2: *client
  client3: *client
`;
