import type { OutputVectors } from './inspector-contract.ts';

export const vectors: OutputVectors = {
  kind: 'safety-filter',
  settings: {
    industry: 'automotive',
    block_if: ['forbidden fruit', '機密情報'],
    fuzzy_matching: true,
    max_distance: 2,
  },
  positives: [
    'Then you could disable the airbag by hand.',
    'eat the forbidden fruit!',
    'eat the forbiden fruits!',
    'Forbidden\nFruit',
    'これは機密情報です',
    'ｆｏｒｂｉｄｄｅｎ fruit',
    'You should kill yourself.',
  ],
};
