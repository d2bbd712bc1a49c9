/**
 * Adds the platform packages to the lock file that the registry at hand does not carry. Run after `npm install` where the
 * registry is partial (`npm run lock`): npm leaves optional packages it cannot find out of the lock file, and `npm ci` then refuses the
 * lock file everywhere. The entries carry version, os and cpu, so that other platforms still skip them.
 */
import { readFileSync, writeFileSync } from 'node:fs';

interface Entry {
  version?: string;
  dev?: boolean;
  optional?: boolean;
  os?: string[];
  cpu?: string[];
  libc?: string[];
  optionalDependencies?: Record<string, string>;
}

const SYSTEMS = ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32'];
const PROCESSORS = ['arm64', 'x64', 'ia32', 'arm', 'ppc64', 'riscv64', 's390x', 'loong64'];
const file = 'package-lock.json';

const lock = JSON.parse(readFileSync(file, 'utf8')) as { packages: Record<string, Entry> };
const added: string[] = [];
for (const [path, { optionalDependencies = {}, dev }] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    const os = SYSTEMS.filter((system) => name.split(/[-/]/).includes(system));
    const cpu = PROCESSORS.filter((processor) => name.split(/[-/]/).includes(processor));
    if (isLocked(path, name) || !/^\d/.test(version) || os.length === 0) continue;
    const libc = /musl/.test(name) ? { libc: ['musl'] } : /-gnu/.test(name) ? { libc: ['glibc'] } : {};
    lock.packages[`node_modules/${name}`] = {
      version,
      cpu,
      ...(dev ? { dev } : {}),
      ...libc,
      optional: true,
      os,
    };
    added.push(`${name}@${version}`);
  }
}
const { '': root, ...others } = lock.packages;
const sorted = Object.fromEntries(Object.entries(others).sort(([a], [b]) => (a < b ? -1 : 1)));
lock.packages = { ...(root ? { '': root } : {}), ...sorted };
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log(added.length === 0 ? 'The lock file is complete.' : `Added ${added.join(', ')}.`);

/** Whether a package that `path` depends on is found there or in a folder above, as Node looks for it. */
function isLocked(path: string, name: string): boolean {
  for (let base = path; ; base = base.replace(/(^|\/)node_modules\/(@[^/]+\/)?[^/]+$/, '')) {
    if (lock.packages[`${base ? `${base}/` : ''}node_modules/${name}`]) return true;
    if (base === '') return false;
  }
}
