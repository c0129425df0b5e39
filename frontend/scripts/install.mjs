// npm ci, only where the lock file or the Node version changed since the last one: npm ci removes and refetches everything.
import { spawnSync } from 'node:child_process';
import { fingerprint, isCurrent, remember } from './fingerprint.mjs';

const stamp = 'node_modules/.gnomon-install';
const value = fingerprint(['package.json', 'package-lock.json', '.npmrc'], [process.version, process.platform, process.arch]);

if (!isCurrent(stamp, value)) {
  const { status, error } = spawnSync('npm', ['ci', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'], {
    stdio: 'inherit',
  });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
  remember(stamp, value);
}
