import { BlockList, isIP } from 'node:net';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addressKind } from '#core/net/address.ts';

test.each([
  ['8.8.8.8', 'public'],
  ['100.63.255.255', 'public'],
  ['172.32.0.1', 'public'],
  ['2606:4700::1111', 'public'],
  ['::ffff:8.8.8.8', 'public'],
  ['64:ff9b::808:808', 'public'],
  ['10.1.2.3', 'private'],
  ['100.64.0.1', 'private'],
  ['172.31.255.255', 'private'],
  ['192.168.0.1', 'private'],
  ['fc00::1', 'private'],
  ['fdff::1', 'private'],
  ['::ffff:10.0.0.1', 'private'],
  ['127.0.0.1', 'loopback'],
  ['127.255.255.255', 'loopback'],
  ['::1', 'loopback'],
  ['0:0:0:0:0:0:0:1', 'loopback'],
  ['::ffff:7f00:1', 'loopback'],
  ['2002:a00:1::', 'forbidden'],
  ['64:ff9b::7f00:1', 'forbidden'],
  ['::127.0.0.1', 'forbidden'],
  ['0.0.0.0', 'forbidden'],
  ['::', 'forbidden'],
  ['169.254.169.254', 'forbidden'],
  ['::ffff:169.254.169.254', 'forbidden'],
  ['100.100.100.200', 'forbidden'],
  ['fd00:ec2::254', 'forbidden'],
  ['fe80::1', 'forbidden'],
  ['ff02::1', 'forbidden'],
  ['224.0.0.1', 'forbidden'],
  ['255.255.255.255', 'forbidden'],
  ['2001:db8::1', 'forbidden'],
  ['2001::1', 'forbidden'],
  ['64:ff9b:1::1', 'forbidden'],
])('%s is %s', (address, kind) => {
  expect(addressKind(address)).toBe(kind);
});

test.each(['', 'example.com', '1.2.3', '1.2.3.256', '::1%lo', '1::2::3', '1:2:3:4:5:6:7', 'g::1', '[::1]'])(
  '%j is no address',
  (text) => {
    expect(addressKind(text)).toBeUndefined();
  },
);

test('every address is read as Node.js reads it', () => {
  const inner = new BlockList();
  for (const [network, bits] of [
    ['10.0.0.0', 8],
    ['172.16.0.0', 12],
    ['192.168.0.0', 16],
    ['100.64.0.0', 10],
  ] as const) {
    inner.addSubnet(network, bits, 'ipv4');
  }
  fc.assert(
    fc.property(fc.ipV4(), (address) => {
      fc.pre(address !== '100.100.100.200');
      expect(addressKind(address) === 'private').toBe(inner.check(address, 'ipv4'));
    }),
    { numRuns: 2000 },
  );
  fc.assert(
    fc.property(fc.ipV6(), (address) => {
      expect(addressKind(address) !== undefined).toBe(isIP(address) === 6);
    }),
    { numRuns: 2000 },
  );
});
