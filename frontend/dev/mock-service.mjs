// For development and pictures of the page only; never shipped, and no proof of how the service behaves.
// Answers the REST interface with made-up data and serves dist/ under the service's content security policy.
//   node dev/mock-service.mjs [--port 8081] [--empty]
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';

const POLICY =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";
const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };
const SECOND = 1e9;
const dist = new URL('../dist/', import.meta.url).pathname;
const sha256 = (text) => createHash('sha256').update(text).digest('hex');
const ago = (seconds) => new Date(Date.now() - seconds * 1000).toISOString();

const WEB = `# One web server, three clients, one switch.
experiment:
  name: web
  description: Three clients fetch a listing from Python's web server
general:
  stop_time: 10 s
  seed: 1
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
      - {path: curl, args: "--silent http://server/", start_time: 3 s}
  client2: *client
  client3: *client
`;

const BULK = `general: { stop_time: 30 min, seed: 7 }
network:
  graph:
    type: gml
    inline: |
      graph [
        node [ id 0 host_bandwidth_up "20 Mbit" host_bandwidth_down "20 Mbit" ]
        node [ id 1 host_bandwidth_up "20 Mbit" host_bandwidth_down "20 Mbit" ]
        edge [ source 0 target 0 latency "1 ms" ]
        edge [ source 0 target 1 latency "50 ms" packet_loss 0.02 ]
        edge [ source 1 target 1 latency "1 ms" ]
      ]
hosts: {}
`;

export function createMock({ empty = false } = {}) {
  const experiments = [];
  const definitions = new Map();
  const runs = [];
  const events = new Map();
  const listeners = new Map();
  let counter = 0;

  const addExperiment = (definition, facts = {}) => {
    const name = /^\s{2}name:\s*(.+)$/m.exec(definition)?.[1] ?? 'untitled';
    const experiment = {
      id: `7f3a91c2-00${++counter}`,
      name,
      description: /^\s{2}description:\s*(.+)$/m.exec(definition)?.[1] ?? '',
      tags: [],
      createdAt: new Date().toISOString(),
      hosts: (definition.match(/network_node_id/g) ?? []).length,
      processes: (definition.match(/path:/g) ?? []).length,
      stopTime: /stop_time:\s*([^,#\n}]+)/.exec(definition)?.[1]?.trim() ?? '?',
      sha256: sha256(definition),
      runs: 0,
      ...facts,
    };
    experiments.unshift(experiment);
    definitions.set(experiment.id, definition);
    return experiment;
  };

  const addRun = (experiment, facts = {}) => {
    experiment.runs++;
    const run = {
      id: `c1d4e6f8-22${String(++counter).padStart(2, '0')}-4b6a`,
      experimentId: experiment.id,
      experimentName: experiment.name,
      seed: 1,
      state: 'queued',
      createdAt: new Date().toISOString(),
      startedAt: null,
      endedAt: null,
      attempts: 1,
      virtualNanos: 0,
      stopNanos: 10 * SECOND,
      wallNanos: 0,
      ratio: 0,
      hosts: experiment.hosts,
      processesRunning: 0,
      processesEnded: 0,
      processesFailed: 0,
      digest: null,
      failure: null,
      queuePosition: null,
      ...facts,
    };
    runs.unshift(run);
    events.set(run.id, []);
    return run;
  };

  const emit = (run, name) => {
    const { virtualNanos, stopNanos, wallNanos, ratio, hosts, processesRunning, processesEnded, processesFailed } = run;
    const data =
      name === 'state'
        ? { ...run }
        : { virtualNanos, stopNanos, wallNanos, ratio, hosts, processesRunning, processesEnded, processesFailed };
    const event = { id: events.get(run.id).length + 1, name, data };
    events.get(run.id).push(event);
    for (const listener of listeners.get(run.id) ?? []) listener(event);
  };

  const finish = (run, state, failure = null) => {
    clearInterval(run.timer);
    run.timer = undefined;
    Object.assign(run, {
      state,
      failure,
      endedAt: new Date().toISOString(),
      processesRunning: 0,
      processesEnded: state === 'cancelled' ? run.processesEnded : 4,
      digest: state === 'cancelled' ? null : sha256(`${run.experimentId} ${run.seed}`),
    });
    emit(run, 'state');
  };

  const start = (run, ratio = 2.1) => {
    Object.assign(run, { state: 'running', startedAt: new Date().toISOString(), processesRunning: 4 });
    emit(run, 'state');
    let step = 0;
    run.timer = setInterval(() => {
      step++;
      run.wallNanos += 0.25 * SECOND;
      run.virtualNanos = Math.min(run.stopNanos, run.virtualNanos + 0.25 * SECOND * ratio * (1 + 0.4 * Math.sin(step / 7)));
      run.ratio = run.virtualNanos / run.wallNanos;
      run.processesEnded = Math.min(3, Math.floor((run.virtualNanos / run.stopNanos) * 5));
      run.processesRunning = 4 - run.processesEnded;
      emit(run, 'progress');
      if (run.virtualNanos >= run.stopNanos) finish(run, 'succeeded');
    }, 250);
    run.timer.unref?.();
  };

  const ended = (experiment, seed, state, seconds, facts = {}) =>
    addRun(experiment, {
      seed,
      state,
      createdAt: ago(seconds),
      startedAt: ago(seconds - 1),
      endedAt: ago(seconds - 6),
      virtualNanos: 10 * SECOND,
      wallNanos: 4.83 * SECOND,
      ratio: 2.07,
      processesEnded: 4,
      digest: sha256(`${experiment.id} ${seed}`),
      ...facts,
    });

  if (!empty) {
    const bulk = addExperiment(BULK, { name: 'lossy-transfer', description: '', hosts: 2, processes: 2, stopTime: '30 min', createdAt: ago(9e5) });
    const web = addExperiment(WEB, { hosts: 4, processes: 4, tags: ['http', 'example'], createdAt: ago(7300) });
    for (let index = 0; index < 14; index++) ended(bulk, index + 1, 'succeeded', 8e5 - index * 4e4, { stopNanos: 1800 * SECOND, virtualNanos: 1800 * SECOND, ratio: 411.3 });
    ended(web, 1, 'succeeded', 7200);
    ended(web, 1, 'succeeded', 5400);
    ended(web, 2, 'succeeded', 3600);
    ended(web, 3, 'failed', 900, {
      processesFailed: 1,
      failure: 'client2: curl (pid 1000): expected exited 0, was exited 7',
    });
    ended(web, 1, 'cancelled', 500, { virtualNanos: 3.2 * SECOND, wallNanos: 1.6 * SECOND, digest: null, processesEnded: 1 });
    ended(web, 1, 'interrupted', 300, { virtualNanos: 1.9 * SECOND, wallNanos: 1.0 * SECOND, digest: null, processesEnded: 0 });
    start(addRun(web, { seed: 5, stopNanos: 120 * SECOND }));
    addRun(web, { seed: 6, queuePosition: 1 });
  }

  const outcome = (host, program, endNanos, actual, expected = 'exited 0') => ({
    host,
    program,
    pid: 1000,
    startNanos: (program === 'curl' ? 3 : 1) * SECOND,
    endNanos,
    expected,
    actual,
    asExpected: actual === expected,
    stdoutPath: `hosts/${host}/${program}.1000.stdout`,
    stderrPath: `hosts/${host}/${program}.1000.stderr`,
  });

  const processesOf = (run) => {
    const all = [
      outcome('client1', 'curl', 3.012345678 * SECOND, 'exited 0'),
      outcome('client2', 'curl', 3.012399 * SECOND, run.processesFailed > 0 ? 'exited 7' : 'exited 0'),
      outcome('client3', 'curl', 3.0125 * SECOND, 'exited 0'),
      outcome('server', 'python3.11', null, 'running', 'running'),
    ];
    return run.state === 'running' ? all.slice(0, run.processesEnded) : run.processesEnded === 0 ? [] : all;
  };

  const LISTING =
    '<!DOCTYPE HTML>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>Directory listing for /</title>\n</head>\n<body>\n<h1>Directory listing for /</h1>\n<hr>\n<ul>\n<li><a href="python3.11.1000.stdout">python3.11.1000.stdout</a></li>\n</ul>\n<hr>\n</body>\n</html>\n';

  const contentOf = (run, path) => {
    if (path.endsWith('curl.1000.stdout')) return LISTING;
    if (path === 'manifest.json') return JSON.stringify({ digest: run.digest, files: [] });
    if (path.endsWith('python3.11.1000.stdout')) {
      return Array.from({ length: 30000 }, (_, index) => `11.0.0.${(index % 3) + 1} - - [01/Jan/2000 00:00:03] "GET /${index} HTTP/1.1" 200 -\n`).join('');
    }
    return '';
  };

  const filesOf = (run) =>
    [
      ...processesOf(run).flatMap((process) => [process.stdoutPath, process.stderrPath]),
      'definition.yaml',
      'manifest.json',
      'resolved.json',
      'summary.json',
    ].map((path) => ({
      path,
      bytes: Buffer.byteLength(contentOf(run, path)),
      sha256: sha256(contentOf(run, path)),
      deterministic: path !== 'summary.json' && path !== 'manifest.json',
    }));

  const validate = (definition) => {
    const errors = [];
    const notices = [];
    const keys = new Set(['experiment', 'general', 'network', 'hosts', 'experimental', 'faults', 'host_option_defaults']);
    definition.split('\n').forEach((text, index) => {
      const line = index + 1;
      const key = /^([\w-]+):/.exec(text)?.[1];
      if (key !== undefined && !keys.has(key) && !key.startsWith('x-')) {
        errors.push({ pointer: `/${key}`, line, column: 1, message: `unknown key: key=${key}` });
      }
      const time = /^(.*(?:stop|start)_time:\s*)([^,#\n}]+)/.exec(text);
      if (time !== null && !/^\d+(\.\d+)?\s*(ns|us|ms|s|min|h)?$/.test(time[2].trim())) {
        errors.push({ pointer: '/general/stop_time', line, column: time[1].length + 1, message: `not a time: value=${time[2].trim()}` });
      }
      const ignored = /^(\s+)(use_worker_spinning|use_memory_manager):/.exec(text);
      if (ignored !== null) {
        notices.push({ pointer: `/experimental/${ignored[2]}`, line, column: ignored[1].length + 1, message: `has no effect here: key=${ignored[2]}` });
      }
    });
    if (!/^general:/m.test(definition)) errors.push({ pointer: '', line: 1, column: 1, message: 'missing key: key=general' });
    return { valid: errors.length === 0, errors, notices };
  };

  const json = (response, status, value, headers = {}) => {
    const body = JSON.stringify(value);
    response.writeHead(status, { 'Content-Type': status >= 400 ? 'application/problem+json' : 'application/json', ...headers });
    response.end(body);
  };
  const problem = (response, status, title, detail, errors) => json(response, status, { type: 'about:blank', title, status, detail, errors });
  const { stringify } = JSON;
  const view = (run) => JSON.parse(stringify({ ...run, timer: undefined }));
  const paged = (items, query) => {
    const page = Number(query.get('page') ?? 0);
    const size = Number(query.get('size') ?? 20);
    return { items: items.slice(page * size, (page + 1) * size), page, size, total: items.length };
  };

  const sendFile = (request, response, content) => {
    const bytes = Buffer.from(content);
    const range = /^bytes=(\d*)-(\d*)$/.exec(request.headers.range ?? '');
    if (range === null) {
      response.writeHead(200, { 'Content-Type': 'application/octet-stream', 'Content-Length': bytes.length, 'Accept-Ranges': 'bytes' });
      response.end(bytes);
      return;
    }
    const from = range[1] === '' ? Math.max(0, bytes.length - Number(range[2])) : Number(range[1]);
    const to = range[1] === '' || range[2] === '' ? bytes.length - 1 : Math.min(Number(range[2]), bytes.length - 1);
    if (from > to) {
      response.writeHead(416, { 'Content-Range': `bytes */${bytes.length}` });
      response.end();
      return;
    }
    response.writeHead(206, { 'Content-Range': `bytes ${from}-${to}/${bytes.length}`, 'Content-Length': to - from + 1 });
    response.end(bytes.subarray(from, to + 1));
  };

  const stream = (request, response, run) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
    const write = (event) => {
      response.write(`id: ${event.id}\nevent: ${event.name}\ndata: ${JSON.stringify({ ...event.data, timer: undefined })}\n\n`);
      if (event.name === 'state' && !['queued', 'running'].includes(event.data.state)) response.end();
    };
    const last = Number(request.headers['last-event-id'] ?? 0);
    const known = events.get(run.id).filter((event) => event.id > last);
    if (known.length === 0) write({ id: last, name: 'state', data: view(run) });
    else for (const event of known) write(event);
    const set = listeners.get(run.id) ?? new Set();
    listeners.set(run.id, set.add(write));
    request.on('close', () => set.delete(write));
  };

  const api = async (request, response, path, query) => {
    let body = '';
    for await (const piece of request) body += piece;
    const post = request.method === 'POST';
    if (path === '/status') {
      const count = (state) => runs.filter((run) => run.state === state).length;
      return json(response, 200, { version: '0.1.0', queued: count('queued'), running: count('running'), executors: 1 });
    }
    if (path === '/experiments/validate' && post) return json(response, 200, validate(body));
    if (path === '/experiments' && post) {
      const { valid, errors } = validate(body);
      if (!valid) return problem(response, 422, 'The definition is wrong', `errors=${errors.length}`, errors);
      return json(response, 201, addExperiment(body));
    }
    if (path === '/experiments') return json(response, 200, paged(experiments, query));
    if (path === '/runs' && post) {
      const { experimentId, seed } = JSON.parse(body);
      const experiment = experiments.find((known) => known.id === experimentId);
      if (experiment === undefined) return problem(response, 404, 'Not found', `no experiment: id=${experimentId}`);
      const run = addRun(experiment, { seed: seed ?? 1, queuePosition: 1 });
      emit(run, 'state');
      setTimeout(() => {
        run.queuePosition = null;
        start(run, 4);
      }, 600);
      return json(response, 202, view(run));
    }
    if (path === '/runs') {
      const state = query.get('state');
      const experimentId = query.get('experimentId');
      const found = runs.filter((run) => (!state || run.state === state) && (!experimentId || run.experimentId === experimentId));
      return json(response, 200, paged(found.map(view), query));
    }
    const [, kind, id, ...rest] = path.split('/');
    const what = rest.join('/');
    if (kind === 'experiments') {
      const experiment = experiments.find((known) => known.id === id);
      if (experiment === undefined) return problem(response, 404, 'Not found', `no experiment: id=${id}`);
      if (what === '') return json(response, 200, experiment);
      response.writeHead(200, { 'Content-Type': 'application/yaml' });
      return response.end(definitions.get(id));
    }
    const run = runs.find((known) => known.id === id);
    if (kind !== 'runs' || run === undefined) return problem(response, 404, 'Not found', `no run: id=${id}`);
    if (what === '') return json(response, 200, view(run));
    if (what === 'cancel') {
      if (run.endedAt !== null) return problem(response, 409, 'Already ended', `state=${run.state}`);
      finish(run, 'cancelled');
      return json(response, 202, view(run));
    }
    if (what === 'events') return stream(request, response, run);
    if (what === 'processes') return json(response, 200, processesOf(run));
    if (what === 'warnings') {
      return json(
        response,
        200,
        run.processesFailed > 0
          ? [{ kind: 'unsupported-call', program: 'python3.11', subject: 'io_uring_setup', count: 3, message: 'io_uring_setup is not supported and returned ENOSYS' }]
          : [],
      );
    }
    if (what === 'files') return json(response, 200, filesOf(run));
    if (what.startsWith('files/')) {
      const file = filesOf(run).find((known) => known.path === what.slice('files/'.length));
      if (file === undefined) return problem(response, 404, 'Not found', `no file: path=${what.slice('files/'.length)}`);
      return sendFile(request, response, contentOf(run, file.path));
    }
    return problem(response, 404, 'Not found', `path=${path}`);
  };

  const server = createServer((request, response) => {
    const url = new URL(request.url, 'http://localhost');
    response.setHeader('Content-Security-Policy', POLICY);
    response.setHeader('X-Content-Type-Options', 'nosniff');
    if (url.pathname.startsWith('/api/v1/')) {
      api(request, response, decodeURIComponent(url.pathname.slice('/api/v1'.length)), url.searchParams).catch((error) =>
        problem(response, 500, 'Mock failed', String(error)),
      );
      return;
    }
    const file = join(dist, normalize(url.pathname));
    const found = extname(file) !== '' && existsSync(file) ? file : join(dist, 'index.html');
    response.writeHead(200, { 'Content-Type': TYPES[extname(found)] ?? 'application/octet-stream' });
    response.end(readFileSync(found));
  });
  return { server, runs, experiments };
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const portAt = process.argv.indexOf('--port');
  const port = portAt === -1 ? 8081 : Number(process.argv[portAt + 1]);
  createMock({ empty: process.argv.includes('--empty') }).server.listen(port, '127.0.0.1', () => console.log(`http://127.0.0.1:${port}`));
}
