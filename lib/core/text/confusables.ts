/**
 * Letters that look like an ASCII letter. `LOOKALIKES` are folded only inside words that mix scripts, so that honest
 * Cyrillic and Greek text stays what it is; `STYLED` letters have no other use and are always folded.
 */
const pairs = (from: string, to: string): [string, string][] => {
  const target = [...to];
  return [...from].map((letter, i) => [letter, target[i] ?? letter]);
};

export const LOOKALIKES: ReadonlyMap<string, string> = new Map([
  ...pairs('авекмнорстухіїјѕһԁԛԝьгпиԍԏ', 'abekmhopctyxiijshdqwbrnugq'),
  ...pairs('αβγδεζηικλμνοπρστυχωϲϳ', 'abydezniklmvonpotuxwcj'),
  ...pairs('օսցհոյԁզաէ', 'ougqnjdqwe'),
  ...pairs('ᎠᎡᎢᎪᎬᎳᎷᎻᏀᏃᏒᏔᏚᏞᏟᏢᏦ', 'dtiaewmhgzrwslcpk'),
]);

export const STYLED: ReadonlyMap<string, string> = new Map([
  ...pairs('ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ', 'abcdefghijklmnoprstuvwyz'),
  ...pairs('ıȷɡɑɩʋꞁø', 'ijgaivlo'),
  ...pairs('ʼ’‘‛′＇`´“”„«»', "''''''''\"\"\"\"\""),
  ...pairs('‐‑‒–—―−', '-------'),
  ...enclosed(0x1f150),
  ...enclosed(0x1f170),
  ...enclosed(0x1f1e6),
]);

/** Twenty-six enclosed capital letters in a row. */
function enclosed(first: number): [string, string][] {
  return Array.from({ length: 26 }, (_, i) => [
    String.fromCodePoint(first + i),
    String.fromCharCode(0x61 + i),
  ]);
}
