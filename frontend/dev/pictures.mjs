// Pictures of every page at two widths in two schemes, from the mock, and what axe says of each. For development.
//   node dev/pictures.mjs [DIRECTORY]     exits 1 where axe finds a violation or the browser's console has an error
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { launchBrowser } from '../e2e/browser.mjs';
import { createMock } from './mock-service.mjs';

const directory = process.argv[2] ?? 'dev/pictures';
mkdirSync(directory, { recursive: true });
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const listen = (mock) =>
  new Promise((resolve) => mock.server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${mock.server.address().port}`)));

const mock = createMock();
const full = await listen(mock);
const empty = await listen(createMock({ empty: true }));

const WRONG = `genral:
  stop_time: 10 s
general:
  stop_time: soon
  seed: 1
experimental:
  use_memory_manager: true
network:
  graph:
    type: 1_gbit_switch
hosts:
  server:
    network_node_id: 0
    processes:
      - path: python3
        start_time: never
`;

const failed = mock.runs.find((run) => run.state === 'failed');
const running = mock.runs.find((run) => run.state === 'running');
// Stays running however long the pictures take.
running.stopNanos = 3600e9;
const succeeded = mock.runs.find((run) => run.state === 'succeeded' && run.experimentName === 'web');
const queued = mock.runs.find((run) => run.state === 'queued');

const pages = [
  { name: 'home', url: `${full}/` },
  { name: 'home-empty', url: `${empty}/` },
  { name: 'submit-example', url: `${full}/submit?example=web`, act: (page) => page.getByText('No errors').waitFor() },
  {
    name: 'submit-wrong',
    url: `${full}/submit`,
    act: async (page) => {
      await page.getByRole('textbox', { name: /Definition/ }).fill(WRONG);
      await page.getByText('3 errors').waitFor();
    },
  },
  { name: 'experiment', url: `${full}/experiments/${succeeded.experimentId}` },
  { name: 'run-running', url: `${full}/runs/${running.id}`, act: (page) => page.waitForTimeout(2500) },
  { name: 'run-queued', url: `${full}/runs/${queued.id}` },
  {
    name: 'run-succeeded',
    url: `${full}/runs/${succeeded.id}`,
    act: async (page) => {
      await page.getByRole('button', { name: /stdout of python3.11/ }).click();
      await page.getByText('Load earlier').waitFor();
    },
  },
  { name: 'run-failed', url: `${full}/runs/${failed.id}`, act: (page) => page.getByText('io_uring_setup is not').waitFor() },
  {
    name: 'run-cancel',
    url: `${full}/runs/${running.id}`,
    act: async (page) => {
      await page.getByRole('button', { name: 'Cancel', exact: true }).click();
      await page.getByRole('button', { name: 'Cancel the run' }).waitFor();
      await page.waitForTimeout(400);
    },
  },
  { name: 'run-missing', url: `${full}/runs/nothing` },
  { name: 'not-found', url: `${full}/no/such/page` },
];

const only = process.argv[3];
const browser = await launchBrowser();
let findings = 0;
for (const { width, height } of [{ width: 1400, height: 900 }, { width: 390, height: 844 }]) {
  for (const colorScheme of ['light', 'dark']) {
    const context = await browser.newContext({ viewport: { width, height }, colorScheme, bypassCSP: false });
    for (const { name, url, act } of pages) {
      if (only !== undefined && !name.includes(only)) continue;
      const page = await context.newPage();
      const label = `${name}-${width}-${colorScheme}`;
      page.on('console', (message) => {
        if (message.type() !== 'error' || message.text().includes('404')) return;
        findings++;
        console.log(`${label}: console: ${message.text()}`);
      });
      page.on('pageerror', (error) => {
        findings++;
        console.log(`${label}: ${error.message}`);
      });
      await page.goto(url);
      await page.locator('h1').waitFor();
      await act?.(page);
      await page.waitForTimeout(300);
      await page.screenshot({ path: `${directory}/${label}.png`, fullPage: name !== 'run-cancel' });
      const scroll = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      if (scroll > 0) {
        findings++;
        console.log(`${label}: ${scroll} pixels wider than the window`);
      }
      // axe is handed to the page by the debugger's protocol, which the content security policy does not bind.
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
      for (const violation of violations) {
        findings++;
        console.log(`${label}: axe ${violation.id} (${violation.impact}): ${violation.nodes.map((node) => `${node.target.join(' ')} ${node.any[0]?.message ?? ''}`).slice(0, 3).join(' | ')}`);
      }
      await page.close();
    }
    await context.close();
  }
}
await browser.close();
console.log(findings === 0 ? 'nothing found' : `${findings} findings`);
process.exit(findings === 0 ? 0 : 1);
