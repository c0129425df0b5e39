// npm run build, only where a source changed since the last one or dist/ is gone.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fingerprint, isCurrent, remember } from './fingerprint.mjs';

const stamp = 'node_modules/.gnomon-build';
const value = fingerprint(
  ['src', 'public', 'index.html', 'vite.config.ts', 'tsconfig.json', 'package.json', 'package-lock.json'],
  [process.version],
);

if (!existsSync('dist/index.html') || !isCurrent(stamp, value)) {
  const { status, error } = spawnSync('npm', ['run', '--silent', 'build', '--', '--logLevel', 'warn'], { stdio: 'inherit' });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
  remember(stamp, value);
}
