// The allocation as Polars does it: node polars.mjs terms.json book.csv out.csv

import pl from 'nodejs-polars';
import { terms, book, out, decide } from './terms.mjs';

const text = (s) => `'${String(s).replaceAll("'", "''")}'`;

const rows = pl.readCSV(book, {
  schema: {
    instruction: pl.Utf8, received_at: pl.Utf8, series: pl.Utf8, principal: pl.Int64, participant: pl.Utf8, account: pl.Utf8,
  },
});
const sql = pl.SQLContext({ book: rows });
const run = (query) => sql.execute(query, { eager: true });

// Every row of these books has the same offset, so the text orders the times.
const early = `received_at < ${text(terms.earlyBefore)}`;
const live = `received_at <= ${text(terms.expiresBy)}`;

const sums = [];
const number = new Map(terms.series.map((s, i) => [s.id, i]));
for (const row of run(`SELECT series, SUM(principal) AS total FROM book WHERE ${live} GROUP BY series`).toRecords()) {
  sums[number.get(row.series)] = row.total;
}

const rules = decide(sums).flatMap((s) => [true, false].map((isEarly) => ({
  id: s.id, is_early: isEarly, currency: s.currency, digits: s.digits, num: Number(s.num), den: Number(s.den),
  state: s.state, factor: s.factor ?? '', price: isEarly ? s.early : s.late,
  minor: isEarly ? s.earlyMinor : s.lateMinor, interest_num: s.interestNum, interest_den: s.interestDen,
})));
const whole = ['digits', 'num', 'den', 'minor', 'interest_num', 'interest_den'];
let table = pl.DataFrame(rules);
table = table.withColumns(...whole.map((c) => pl.col(c).cast(pl.Int64)));
sql.register('rules', table);

const money = (x, name) => `CASE WHEN digits = 0 THEN CAST(${x} AS VARCHAR)
  ELSE CONCAT(CAST(${x} // 100 AS VARCHAR), '.', CAST((${x} % 100) // 10 AS VARCHAR), CAST(${x} % 10 AS VARCHAR)) END AS ${name}`;
const result = run(`
  WITH dated AS (
    SELECT *, ${early} AS early, ${live} AS live FROM book
  ), counted AS (
    SELECT *, CASE WHEN live THEN (principal // 1000 * num // den) * 1000 ELSE 0 END AS accepted
    FROM dated LEFT JOIN rules ON rules.id = dated.series AND rules.is_early = dated.early
  ), paid AS (
    SELECT *, accepted // 1000 * minor AS consideration, (2 * accepted * interest_num + interest_den) // (2 * interest_den) AS interest
    FROM counted
  )
  SELECT instruction, participant, account, series, CASE WHEN early THEN 'early' ELSE 'late' END AS timing,
         principal AS tendered, accepted, principal - accepted AS returned, currency,
         CASE WHEN live THEN price END AS price,
         ${money('consideration', 'consideration')}, ${money('interest', 'interest')}, ${money('(consideration + interest)', 'cash')},
         CASE WHEN NOT live THEN 'received after expiration'
              WHEN accepted = principal THEN 'accepted in full'
              WHEN accepted > 0 THEN CONCAT('prorated at ', factor, ' (', ${text(terms.capName)}, ')')
              WHEN state = 'closed' THEN CONCAT('returned: ', ${text(terms.capName)}, ' is full')
              ELSE 'returned: rounded down to nothing' END AS reason
  FROM paid`);
result.writeCSV(out, { quoteStyle: 'never' });
