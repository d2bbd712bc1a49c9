import { randomInt } from 'node:crypto';
import * as z from 'zod';
import { AwsError } from '../aws-error.ts';

const CLASSES = {
  lower: 'abcdefghijklmnopqrstuvwxyz',
  upper: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  digits: '0123456789',
  punctuation: '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
};

export const PasswordOptions = z.object({
  PasswordLength: z.number().int().min(1).max(4096).default(32),
  ExcludeCharacters: z.string().default(''),
  ExcludeLowercase: z.boolean().default(false),
  ExcludeUppercase: z.boolean().default(false),
  ExcludeNumbers: z.boolean().default(false),
  ExcludePunctuation: z.boolean().default(false),
  IncludeSpace: z.boolean().default(false),
  RequireEachIncludedType: z.boolean().default(true),
});

/** A random password by the rules of GetRandomPassword. */
export function randomPassword(options: z.output<typeof PasswordOptions>): string {
  const classes = allowedClasses(options);
  const all = classes.join('');
  if (all === '') throw new AwsError('InvalidParameterException', 'every character is excluded');
  for (;;) {
    const text = Array.from({ length: options.PasswordLength }, () => all[randomInt(all.length)]).join('');
    if (!options.RequireEachIncludedType || options.PasswordLength < classes.length) return text;
    if (classes.every((characters) => [...characters].some((character) => text.includes(character))))
      return text;
  }
}

function allowedClasses(options: z.output<typeof PasswordOptions>): string[] {
  const classes = [
    options.ExcludeLowercase ? '' : CLASSES.lower,
    options.ExcludeUppercase ? '' : CLASSES.upper,
    options.ExcludeNumbers ? '' : CLASSES.digits,
    options.ExcludePunctuation ? '' : CLASSES.punctuation,
    options.IncludeSpace ? ' ' : '',
  ];
  const keep = (characters: string): string =>
    [...characters].filter((character) => !options.ExcludeCharacters.includes(character)).join('');
  return classes.map(keep).filter((characters) => characters !== '');
}
