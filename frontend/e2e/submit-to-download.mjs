// From submit to download in a real browser, against a service that runs already.
//   node e2e/submit-to-download.mjs --base-url URL [--picture FILE]
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { parseArgs } from 'node:util';
import { launchBrowser } from './browser.mjs';
import { readEntry, readZip } from './zip.mjs';

const { values } = parseArgs({ options: { 'base-url': { type: 'string' }, picture: { type: 'string' } } });
const base = values['base-url'];
if (base === undefined) throw new Error('--base-url URL is needed');

/** One run at a time is the service's default, and another may go already. */
const RUN_MILLIS = 120_000;

const WRONG = `experiment:
  name: page-test
general:
  stop_time: soon
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
  client:
    network_node_id: 0
    processes:
      - path: curl
        args: --silent --show-error http://server/
        start_time: 3 s
`;
const MISTAKE_LINE = 4;
const RIGHT = WRONG.replace('soon', '10 s');

let browser;
let context;
let page;
const complaints = [];

before(async () => {
  browser = await launchBrowser();
  context = await browser.newContext({ viewport: { width: 1400, height: 900 }, acceptDownloads: true });
  page = await context.newPage();
  page.setDefaultTimeout(15_000);
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
});

after(() => browser?.close());

const editor = () => page.getByRole('textbox', { name: /Definition of the experiment/ });

test('a mistake shows at its line and blocks the submission', async () => {
  await page.goto(`${base}/`);
  await page.getByRole('link', { name: 'Submit', exact: true }).click();
  await editor().fill(WRONG);
  const marker = page.locator(`[data-line="${MISTAKE_LINE}"][data-marker="error"]`);
  await marker.waitFor();
  assert.equal(await page.locator('[data-marker="error"]').count(), 1);
  assert.ok(await page.getByRole('button', { name: 'Submit and run' }).isDisabled());
});

test("a click on the message puts the caret to the mistake's line", async () => {
  await page.getByRole('list', { name: 'Errors' }).getByRole('button').first().click();
  const line = await editor().evaluate((area) => area.value.slice(0, area.selectionStart).split('\n').length);
  assert.equal(line, MISTAKE_LINE);
  assert.ok(await editor().evaluate((area) => area === document.activeElement));
});

test('mended, it is submitted and its run succeeds', async () => {
  await editor().fill(RIGHT);
  await page.locator('[data-validation="checked"]').filter({ hasText: 'No errors' }).waitFor();
  await page.getByRole('button', { name: 'Submit and run' }).click();
  await page.waitForURL(/\/runs\/[^/]+$/);
  const state = page.locator('[data-state]').first();
  await page.waitForFunction(
    () => ['succeeded', 'failed', 'cancelled', 'interrupted'].includes(document.querySelector('[data-state]')?.getAttribute('data-state') ?? ''),
    undefined,
    { timeout: RUN_MILLIS },
  );
  assert.equal(await state.getAttribute('data-state'), 'succeeded', await page.locator('main').innerText());
  assert.match(await page.locator('[data-digest]').innerText(), /^[0-9a-f]{64}$/);
});

test('its processes are listed with their final states', async () => {
  const table = page.getByRole('table', { name: 'Processes' });
  const row = (program) => table.getByRole('row').filter({ hasText: program });
  await row('curl').waitFor();
  assert.match(await row('curl').first().innerText(), /client\s[\s\S]*exited 0/);
  assert.match(await row('python3').first().innerText(), /server\s[\s\S]*running/);
  assert.equal(await table.locator('[data-as-expected="false"]').count(), 0);
});

test("a process's output is read on the page", async () => {
  await page.getByRole('button', { name: /^stdout of curl/ }).click();
  const output = page.locator('[data-output$=".stdout"] pre');
  await output.waitFor();
  assert.match(await output.innerText(), /Directory listing for \//);
});

test('the archive holds every file, the manifest among them', async () => {
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Download archive.zip' }).click()]);
  const bytes = readFileSync(await download.path());
  const entries = readZip(bytes);
  const manifestName = [...entries.keys()].find((name) => /(^|\/)manifest\.json$/.test(name));
  assert.ok(manifestName, `no manifest.json: names=${[...entries.keys()].join(', ')}`);
  const root = manifestName.slice(0, -'manifest.json'.length);
  const manifest = JSON.parse(readEntry(bytes, entries.get(manifestName)).toString('utf8'));
  assert.equal(manifest.digest, await page.locator('[data-digest]').innerText());
  assert.ok(manifest.files.length > 0);
  for (const { path, sha256 } of manifest.files) {
    const entry = entries.get(root + path);
    assert.ok(entry, `in the manifest, not in the archive: path=${path}`);
    assert.equal(createHash('sha256').update(readEntry(bytes, entry)).digest('hex'), sha256, path);
  }
  assert.ok(manifest.files.some(({ path }) => /^hosts\/client\/curl\.\d+\.stdout$/.test(path)));
});

test('the lists know the run and the experiment', async () => {
  await page.getByRole('link', { name: 'Runs', exact: true }).click();
  await page.getByRole('table', { name: 'Runs' }).getByRole('link', { name: 'page-test' }).first().waitFor();
  await page.getByRole('table', { name: 'Experiments' }).getByRole('link', { name: 'page-test' }).first().click();
  await page.getByRole('heading', { name: 'page-test', level: 1 }).waitFor();
  await page.getByRole('region', { name: 'Definition, as given' }).getByText('1_gbit_switch').waitFor();
});

if (values.picture !== undefined) {
  test('the bundled example succeeds, for a picture', async () => {
    await page.getByRole('link', { name: 'Submit', exact: true }).click();
    await editor().fill(readFileSync(new URL('../../examples/web/experiment.yaml', import.meta.url), 'utf8'));
    await page.locator('[data-validation="checked"]').filter({ hasText: 'No errors' }).waitFor();
    await page.getByRole('button', { name: 'Submit and run' }).click();
    await page.locator('[data-state="succeeded"]').waitFor({ timeout: RUN_MILLIS });
    await page.getByRole('button', { name: /^stdout of curl, pid \d+ on client1/ }).click();
    await page.locator('[data-output$=".stdout"] pre').waitFor();
    await page.evaluate(() => {
      document.activeElement?.blur();
      window.scrollTo(0, 0);
    });
    await page.mouse.move(0, 0);
    await page.screenshot({ path: values.picture });
  });
}

test('a run that is not there is said to be not there', async () => {
  await page.goto(`${base}/runs/00000000-0000-0000-0000-000000000000`);
  await page.getByRole('alert').waitFor();
  assert.ok((await page.locator('main').innerText()).length > 20);
});

test('the browser had nothing to complain about', () => {
  // The run that is not there, and an empty output asked for its tail.
  const expected = /status of (404|416)/;
  assert.deepEqual(complaints.filter((text) => !expected.test(text)), []);
});
