import { copyFile, mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { argv } from 'node:process';
import { build } from 'esbuild';

const web = resolve(import.meta.dirname, '../lib/console/web');

/**
 * Bundles the console page into `outDir` as `index.html`, `app.js` and `app.css`. The console function finds the
 * three in the folder `console` beside its bundle.
 */
export async function buildConsole(outDir: string): Promise<void> {
  await mkdir(outDir, { recursive: true });
  await build({
    entryPoints: [
      { in: join(web, 'main.tsx'), out: 'app' },
      { in: join(web, 'style.css'), out: 'app' },
    ],
    outdir: outDir,
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    legalComments: 'none',
    tsconfig: join(web, 'tsconfig.json'),
    logLevel: 'warning',
  });
  await copyFile(join(web, 'index.html'), join(outDir, 'index.html'));
}

if (argv[1] === import.meta.filename) void buildConsole(resolve(argv[2] ?? 'dist/console'));
