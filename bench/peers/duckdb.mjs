// The allocation as DuckDB does it: node duckdb.mjs terms.json book.csv out.csv

import { DuckDBInstance } from '@duckdb/node-api';
import { terms, book, out, decide } from './terms.mjs';

const db = await (await DuckDBInstance.create(':memory:')).connect();
const text = (s) => `'${String(s).replaceAll("'", "''")}'`;

await db.run(`CREATE TABLE series(id VARCHAR, n INTEGER)`);
await db.run(`INSERT INTO series VALUES ${terms.series.map((s, i) => `(${text(s.id)}, ${i})`).join(',')}`);
await db.run(`
  CREATE TABLE book AS
  SELECT instruction, participant, account, series, principal,
         received_at < TIMESTAMPTZ ${text(terms.earlyBefore)} AS early,
         received_at <= TIMESTAMPTZ ${text(terms.expiresBy)} AS live
  FROM read_csv(${text(book)}, header = true, columns = {
    instruction: 'VARCHAR', received_at: 'TIMESTAMPTZ', series: 'VARCHAR', principal: 'BIGINT',
    participant: 'VARCHAR', account: 'VARCHAR'})`);

const sums = [];
for (const [n, sum] of (await (await db.run(
  `SELECT n, CAST(sum(principal) AS VARCHAR) FROM book JOIN series ON series.id = book.series WHERE live GROUP BY n`)).getRows())) {
  sums[n] = sum;
}

// One row for each series and side of the deadline, so that one look-up brings
// all that a row needs.
const rules = decide(sums).flatMap((s) => [true, false].map((early) =>
  `(${text(s.id)}, ${early}, ${text(s.currency)}, ${s.digits}, ${s.num}, ${s.den}, ${text(s.state)}, ${text(s.factor ?? '')},
    ${text(early ? s.early : s.late)}, ${early ? s.earlyMinor : s.lateMinor}, ${s.interestNum}, ${s.interestDen})`));
await db.run(`
  CREATE TABLE rules(id VARCHAR, early BOOLEAN, currency VARCHAR, digits INTEGER, num BIGINT, den BIGINT, state VARCHAR,
    factor VARCHAR, price VARCHAR, minor BIGINT, interest_num BIGINT, interest_den BIGINT)`);
await db.run(`INSERT INTO rules VALUES ${rules.join(',')}`);

const money = (x) => `(CASE WHEN digits = 0 THEN CAST(${x} AS VARCHAR) ELSE CAST(${x} // 100 AS VARCHAR) || '.' || lpad(CAST(${x} % 100 AS VARCHAR), 2, '0') END)`;
await db.run(`
  COPY (
    WITH counted AS (
      SELECT b.rowid AS n, b.*, r.* EXCLUDE (early),
             CASE WHEN live THEN (principal // 1000 * num // den) * 1000 ELSE 0 END AS accepted
      FROM book b JOIN rules r ON r.id = b.series AND r.early = b.early
    ), paid AS (
      SELECT *, accepted // 1000 * minor AS consideration,
             (2 * accepted * interest_num + interest_den) // (2 * interest_den) AS interest
      FROM counted
    )
    SELECT instruction, participant, account, series, CASE WHEN early THEN 'early' ELSE 'late' END AS timing,
           principal AS tendered, accepted, principal - accepted AS returned, currency,
           CASE WHEN live THEN price END AS price,
           ${money('consideration')} AS consideration, ${money('interest')} AS interest,
           ${money('(consideration + interest)')} AS cash,
           CASE WHEN NOT live THEN 'received after expiration'
                WHEN accepted = principal THEN 'accepted in full'
                WHEN accepted > 0 THEN 'prorated at ' || factor || ' (' || ${text(terms.capName)} || ')'
                WHEN state = 'closed' THEN 'returned: ' || ${text(terms.capName)} || ' is full'
                ELSE 'returned: rounded down to nothing' END AS reason
    FROM paid ORDER BY n
  ) TO ${text(out)} (HEADER, DELIMITER ',', QUOTE '')`);
