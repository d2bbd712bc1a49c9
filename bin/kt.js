#!/usr/bin/env node
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { runOnNode24 } from './on-node-24.js';

const bin = dirname(fileURLToPath(import.meta.url));
// Compiled code is kept beside the packages; where that cannot be written, Node goes without.
const env = { NODE_COMPILE_CACHE: join(bin, '../node_modules/.cache/kt') };
runOnNode24(join(bin, 'kt.ts'), process.argv.slice(2), { env, tied: true });
