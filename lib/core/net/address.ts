/**
 * What may be behind an address. `forbidden` is nobody's provider: link-local (there is the instance metadata), unspecified, multicast,
 * documentation, reserved.
 */
export type AddressKind = 'public' | 'private' | 'loopback' | 'forbidden';

/** IANA special-purpose registries for IPv4 (RFC 6890 and its updates), as `network/bits`; the first that holds decides. */
const IPV4: readonly (readonly [string, AddressKind])[] = [
  ['127.0.0.0/8', 'loopback'],
  // Instance metadata of Alibaba Cloud, inside the shared range below.
  ['100.100.100.200/32', 'forbidden'],
  ['10.0.0.0/8', 'private'],
  ['100.64.0.0/10', 'private'],
  ['172.16.0.0/12', 'private'],
  ['192.168.0.0/16', 'private'],
  ['0.0.0.0/8', 'forbidden'],
  ['169.254.0.0/16', 'forbidden'],
  ['192.0.0.0/24', 'forbidden'],
  ['192.0.2.0/24', 'forbidden'],
  ['192.88.99.0/24', 'forbidden'],
  ['198.18.0.0/15', 'forbidden'],
  ['198.51.100.0/24', 'forbidden'],
  ['203.0.113.0/24', 'forbidden'],
  ['224.0.0.0/3', 'forbidden'],
];

/** The kind of an IP address in its usual spelling; undefined when the text is none. */
export function addressKind(text: string): AddressKind | undefined {
  const four = readIPv4(text);
  if (four !== undefined) return kindOfIPv4(four);
  const six = readIPv6(text);
  return six && kindOfIPv6(six);
}

function kindOfIPv4(address: number): AddressKind {
  return IPV4.find(([range]) => inRange(address, range))?.[1] ?? 'public';
}

function inRange(address: number, range: string): boolean {
  const [network = '', bits = ''] = range.split('/');
  const size = 2 ** (32 - Number(bits));
  return Math.floor(address / size) === Math.floor((readIPv4(network) ?? 0) / size);
}

function kindOfIPv6(groups: readonly number[]): AddressKind {
  const [a = 0, b = 0, c = 0] = groups;
  const tail = (groups[6] ?? 0) * 65_536 + (groups[7] ?? 0);
  const zeros = (from: number, to: number) => groups.slice(from, to).every((group) => group === 0);
  if (zeros(0, 7) && groups[7] === 1) return 'loopback';
  // An IPv4 address in another spelling; the system connects to that.
  if (zeros(0, 5) && groups[5] === 0xffff) return kindOfIPv4(tail);
  if (a === 0x64 && b === 0xff9b && zeros(2, 6)) return relayed(tail);
  if (a === 0x2002) return relayed(b * 65_536 + c);
  // Instance metadata of AWS, a unique local address.
  if (a === 0xfd00 && b === 0x0ec2) return 'forbidden';
  if ((a & 0xfe00) === 0xfc00) return 'private';
  // Only 2000::/3 is given out to anyone; in it are Teredo, other protocol assignments and documentation.
  const assigned = (a & 0xe000) === 0x2000 && !(a === 0x2001 && b < 0x200) && !(a === 0x2001 && b === 0xdb8);
  return assigned && a !== 0x3fff ? 'public' : 'forbidden';
}

/** NAT64 and 6to4: a router passes on to an IPv4 address, which must not be an inner one of its own. */
function relayed(address: number): AddressKind {
  return kindOfIPv4(address) === 'public' ? 'public' : 'forbidden';
}

function readIPv4(text: string): number | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  const bytes = match?.slice(1).map(Number);
  if (!bytes?.every((byte) => byte <= 255)) return undefined;
  return bytes.reduce((sum, byte) => sum * 256 + byte, 0);
}

/** Eight groups; a zone (`%eth0`) makes an address nobody's provider, so it is not read. */
function readIPv6(text: string): number[] | undefined {
  const [head = '', tail, more] = withoutDots(text).split('::');
  if (!text.includes(':') || more !== undefined) return undefined;
  const left = groupsOf(head);
  const right = groupsOf(tail ?? '');
  const missing = 8 - left.length - right.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const all = [...left, ...Array<string>(missing).fill('0'), ...right];
  return all.every((group) => /^[\da-f]{1,4}$/i.test(group))
    ? all.map((group) => Number.parseInt(group, 16))
    : undefined;
}

const groupsOf = (text: string): string[] => (text === '' ? [] : text.split(':'));

/** `::ffff:127.0.0.1` → `::ffff:7f00:1`. */
function withoutDots(text: string): string {
  const at = text.lastIndexOf(':') + 1;
  const four = readIPv4(text.slice(at));
  if (four === undefined) return text;
  return `${text.slice(0, at)}${Math.floor(four / 65_536).toString(16)}:${(four % 65_536).toString(16)}`;
}
