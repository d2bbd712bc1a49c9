/** A deterministic corpus of base URLs that must lead nowhere: every spelling of every inner place, in every disguise. */

const IPV4 = [
  '127.0.0.1',
  '127.1.2.3',
  '10.0.0.1',
  '172.16.5.4',
  '192.168.1.1',
  '169.254.169.254',
  '169.254.170.2',
  '100.64.0.1',
  '100.100.100.200',
  '0.0.0.0',
  '224.0.0.1',
  '255.255.255.255',
];
const IPV6 = ['::1', '::', 'fe80::1', 'fd00:ec2::254', 'fc00::1', 'ff02::1', '2001:db8::1', '64:ff9b:1::1'];
/** Names that a hostile resolver sends inside; see `hostileResolve`. */
export const REBOUND = [
  'rebind.example.com',
  'localtest.example.org',
  'inner.attacker.test',
  '127.0.0.1.nip.example.net',
  'metadata.example.io',
];
const INNER_NAMES = [
  'localhost',
  'metadata',
  'metadata.google.internal',
  'printer.local',
  'db.corp',
  'nas.lan',
  'x.home.arpa',
];

const SCHEMES = [
  'http',
  'https',
  'ftp',
  'file',
  'gopher',
  'data',
  'javascript',
  'ws',
  'HTTPS',
  'https:/',
  'https:\\',
  '',
];
const PORTS = [
  '',
  ':80',
  ':443',
  ':8443',
  ':22',
  ':6379',
  ':8080',
  ':2375',
  ':65536',
  ':0',
  ':-1',
  ':443:443',
];
const TAILS = ['', '/v1', '/v1?x=1', '/v1#f', '/..;/v1', '\\v1', '/v1 /x', '/v1\t'];
const USERS = ['', 'user@', 'user:pass@', 'api.openai.com@', 'api.openai.com%40', 'api.openai.com:443@', '@'];

const hex = (byte: number) => byte.toString(16).padStart(2, '0');
const octal = (byte: number) => `0${byte.toString(8)}`;
const circled = (digit: string) => (digit === '0' ? '⓪' : String.fromCharCode(0x2460 + Number(digit) - 1));
const fullwidth = (digit: string) => String.fromCharCode(0xff10 + Number(digit));

/** The ways an IPv4 address has been written to get past a check. */
function spellings(address: string): string[] {
  const bytes = address.split('.').map(Number);
  const [a = 0, b = 0, c = 0, d = 0] = bytes;
  const whole = ((a * 256 + b) * 256 + c) * 256 + d;
  const groups = `${hex(a)}${hex(b)}:${hex(c)}${hex(d)}`;
  return [
    address,
    `${address}.`,
    String(whole),
    `0x${bytes.map(hex).join('')}`,
    `0${whole.toString(8)}`,
    bytes.map(octal).join('.'),
    bytes.map((byte) => `0x${hex(byte)}`).join('.'),
    `${a}.${(b * 256 + c) * 256 + d}`,
    `${a}.${b}.${c * 256 + d}`,
    `0000${a.toString(8)}.${b}.${c}.${d}`,
    address.replaceAll('.', '。'),
    address.replaceAll('.', '．'),
    address.replaceAll('.', '%2e'),
    address.replace(/\d/g, circled),
    address.replace(/\d/g, fullwidth),
    `[::ffff:${address}]`,
    `[::ffff:${groups}]`,
    `[::${address}]`,
    `[64:ff9b::${groups}]`,
    `[2002:${groups}::]`,
    `[0:0:0:0:0:ffff:${groups}]`,
  ];
}

function hosts(): string[] {
  const six = IPV6.flatMap((address) => [
    `[${address}]`,
    `[${address}%25eth0]`,
    `[${address.toUpperCase()}]`,
    address,
  ]);
  const names = [...INNER_NAMES, ...REBOUND].flatMap((name) => [
    name,
    `${name}.`,
    name.toUpperCase(),
    name.replace('.', '。'),
  ]);
  return [...IPV4.flatMap(spellings), ...six, ...names];
}

/** Every host in every disguise that varies one part, and some that vary two. */
export function hostileUrls(): string[] {
  const urls = new Set<string>();
  for (const host of hosts()) {
    for (const scheme of SCHEMES) urls.add(`${scheme}://${host}/v1`);
    for (const port of PORTS) for (const tail of TAILS.slice(0, 2)) urls.add(`https://${host}${port}${tail}`);
    for (const tail of TAILS) urls.add(`https://${host}${tail}`);
    for (const user of USERS) urls.add(`https://${user}${host}/v1`);
    urls.add(`https://api.openai.com\\@${host}/v1`);
    urls.add(`https://api.openai.com#@${host}/v1`);
    urls.add(`https://api.openai.com?@${host}/v1`);
    urls.add(`//${host}/v1`);
    urls.add(` https://${host}/v1`);
    urls.add(`https://${host}\n/v1`);
  }
  return [...urls];
}
