import { addEventsList } from '../commands/events-list.ts';
import { addEventsShow } from '../commands/events-show.ts';
import { addEventsTail } from '../commands/events-tail.ts';
import type { Family } from './family.ts';

/** `kt events …` */
export const eventsFamily: Family = (program, terminal) => {
  const events = program.command('events').description('read the record of every call');
  addEventsList(events, terminal);
  addEventsTail(events, terminal);
  addEventsShow(events, terminal);
};
