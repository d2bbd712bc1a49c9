/**
 * Rows of `secrets/gitleaks_literals` whose label says something else than their text, by hand and by id (never by what
 * our detector says of them). The rows as they are labelled are counted as well; see docs/detection.md.
 */

/** Labelled as a secret, but a keyword, a file name, a hash or a false positive that the scanner's own tests list. */
const NO_SECRET = [
  '590ea1b01a94f62f',
  'b8254f2f4a6192f8',
  '4cf1acfad9bb856c',
  '6c95c8f82d802c94',
  'b36b77ab868703a0',
  'd424306e5610172d',
  '04faad70bc8d86e4',
  'e793e7b9d845f71e',
  '53bcdb54645c39bc',
  'ef4ad01dc5245e3b',
  '4fe5c856683e2c83',
  '4fb8be47b3209590',
  '0c845d313b8a8f96',
  '5635f9c3fc161c7d',
  '252ab17ac71981f2',
  '27d8aa5a161cc0fb',
  'c0f51d1ae8bdcab7',
  '6c18c0fbb93c4ccf',
  '68bed6140103c422',
  '9d72a467cb7a7fbc',
  '8f198b1e6c1236cc',
];

/** Labelled as a secret, but made of `xxxx`, zeros, repeated signs or the word EXAMPLE: nobody could use it. */
const STAND_INS = [
  'aada97fecad882c6',
  'ad4b945da1e0f2c0',
  '213275271a68673d',
  'b77c5f6a913bad15',
  'd31901409ca7e314',
  '846f7aa121ff5aa2',
  '012423262b74677c',
  '690263533ebbe5f1',
  'b53b2485f5e7cb92',
  '3ef682ee4654be91',
  '82a3a3c0b090067d',
  'aa794b0ce3fdd798',
  '02ccfe59c31e19bb',
  'c43abfd271215621',
];

/**
 * Labelled as harmless, but complete keys in the issuer's format: a Google key that we found in no source of Google's, a
 * Mailchimp key, and an Anthropic key that only another rule of the scanner reports.
 */
const REAL_FORMAT = ['7ac024a54fa59c0d', '384461fc2198e31a', '7fc932ca1993ad02'];

const doubtful = new Set([...NO_SECRET, ...STAND_INS, ...REAL_FORMAT]);

/** Whether label and text agree. */
export const isSound = ({ id }: { readonly id: string }): boolean => !doubtful.has(id);
