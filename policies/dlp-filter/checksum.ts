const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const CHECK_LENGTH = 6;

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit += 1) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
  return rest;
});

/** CRC-32 (IEEE) of an ASCII text. */
function crc32(text: string): number {
  let crc = 0xffffffff;
  for (let i = 0; i < text.length; i += 1) {
    crc = (crc >>> 8) ^ (TABLE[(crc ^ text.charCodeAt(i)) & 0xff] ?? 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

/** The six base62 digits that GitHub and npm put at the end of a token: the CRC-32 of what stands between prefix and them. */
export function checkDigits(random: string): string {
  let rest = crc32(random);
  let digits = '';
  for (let i = 0; i < CHECK_LENGTH; i += 1) {
    digits = (BASE62[rest % 62] ?? '') + digits;
    rest = Math.floor(rest / 62);
  }
  return digits;
}

/** The token proves itself: nobody writes the right check digits by chance. */
export function hasCheckDigits(body: string): boolean {
  return body.endsWith(checkDigits(body.slice(0, -CHECK_LENGTH)));
}
