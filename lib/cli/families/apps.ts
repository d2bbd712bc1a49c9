import { addAppsCreate, addAppsSet } from '../commands/apps-change.ts';
import { addAppsList } from '../commands/apps-list.ts';
import type { Family } from './family.ts';

/** `kt apps …` */
export const appsFamily: Family = (program, terminal) => {
  const apps = program.command('apps').description('add apps, and say what they may spend');
  addAppsCreate(apps, terminal);
  addAppsSet(apps, terminal);
  addAppsList(apps, terminal);
};
