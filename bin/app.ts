import { join } from 'node:path';
import { main } from '#infra/main.ts';
import { buildConsole } from '../scripts/build-console.ts';

const root = join(import.meta.dirname, '..');
const failed = await main({ root, buildConsole, err: process.stderr });
if (failed) process.exitCode = failed; // CDK sets it itself when a check of the templates fails
