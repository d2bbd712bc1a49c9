import type { OutputVectors } from './inspector-contract.ts';

/** Each holds at least one value that must not get through an answer. */
export const vectors: OutputVectors = {
  kind: 'pii-detector',
  settings: {},
  positives: [
    'Write to jane.doe+news@mail.example.org, please.',
    'mail:jane@example.com',
    'Her address is jürgen.müller@firma-köln.de.',
    'a_b@sub.domain.co.uk; thanks',
    'Call +49 30 901820 today',
    'or (212) 555-0123.',
    'phone 030 901820-12, ask for her',
    'dial +1 (415) 555-2671 now',
    'Tel. 06 12 34 56 78 !',
    'card 4111 1111 1111 1111 ok',
    'card 378282246310005, Amex',
    'card: 5500-0000-0000-0004.',
    'IBAN DE89 3704 0044 0532 0130 00 thanks',
    'GB82WEST12345698765432',
    'de89370400440532013000 is lower case',
    'SSN 219-09-9998 here',
    'social security 536223587.',
    'from 8.8.8.8 yesterday',
    'host 2001:4860:4860::8888, up',
    '2a00:1450:4001:81b:0:0:0:200e',
  ],
};
