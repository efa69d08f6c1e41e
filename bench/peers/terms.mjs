// What the peers share: the terms as the runner wrote them, and the waterfall
// over a handful of sums. Everything per row is left to their engines.

import { readFileSync } from 'node:fs';

export const terms = JSON.parse(readFileSync(process.argv[2]));
export const book = process.argv[3];
export const out = process.argv[4];

// decide serves the series level by level. Sums are principal in whole units, by
// series, early and late together; every level is one series in these offers.
// A level that the cap cuts gets the exact fraction room ÷ demand, and nothing
// is left for those after it.
export function decide(sums) {
  let room = BigInt(terms.cap) * 10000n; // the cap's currency, in ten-thousandths
  let closed = false;
  return terms.series.map((s, i) => {
    const rate = BigInt(s.rate10000);
    const demand = BigInt(sums[i] ?? 0) * rate;
    if (demand === 0n) return { ...s, num: '1', den: '1', state: 'full' };
    if (closed) return { ...s, num: '0', den: '1', state: 'closed' };
    if (demand <= room) {
      room -= demand;
      return { ...s, num: '1', den: '1', state: 'full' };
    }
    closed = true;
    const g = gcd(room, demand);
    const [num, den] = [room / g, demand / g];
    const cut = (num * 1000000n) / den;
    const factor = `0.${cut.toString().padStart(6, '0')}`;
    return { ...s, num: `${num}`, den: `${den}`, state: 'cut', factor };
  });
}

function gcd(a, b) {
  while (b > 0n) [a, b] = [b, a % b];
  return a;
}
