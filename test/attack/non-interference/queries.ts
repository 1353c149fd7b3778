import * as fc from 'fast-check'

/** A table or view, with its columns by type. Some are masked. */
interface Source {
  readonly from: string
  readonly alias: string
  readonly text: readonly string[]
  readonly number: readonly string[]
  readonly date: readonly string[]
}

const PEOPLE: Source = {
  from: 'acme.lab.people AS p',
  alias: 'p',
  text: ['p.city', 'p.ssn', 'p.note', 'p.address.zip', 'p.address.state'],
  number: ['p.id', 'p.age', 'p.salary'],
  date: ['p.born', 'p.joined'],
}

const ORDERS: Source = {
  from: 'acme.lab.orders AS o',
  alias: 'o',
  text: ['o.memo', 'o.status'],
  number: ['o.id', 'o.person_id', 'o.amount'],
  date: ['o.placed'],
}

const CARDS: Source = {
  from: 'acme.lab.cards AS v',
  alias: 'v',
  text: ['v.label', 'v.code'],
  number: ['v.id', 'v.tenths'],
  date: [],
}

/** One of these columns, most often. */
const plain = (columns: readonly string[], literals: readonly string[]) =>
  fc.constantFrom(...columns, ...columns, ...literals)

/** Expressions of each type over the columns of a source, safe ones and such as fail. */
function expressions(source: Source) {
  const { text, number, date, bool } = fc.letrec<{
    text: string
    number: string
    date: string
    bool: string
  }>((tie) => {
    const [t, n, b] = [tie('text'), tie('number'), tie('bool')]
    const dates = plain(source.date, ["DATE '1990-01-01'"])
    return {
      text: fc.oneof(
        { maxDepth: 3, withCrossShrink: true },
        { weight: 5, arbitrary: plain(source.text, ["'a'", "''", 'CAST(NULL AS STRING)']) },
        fc.tuple(t, t).map(([a, b2]) => `CONCAT(${a}, ${b2})`),
        fc.tuple(b, t, t).map(([c, x, y]) => `IF(${c}, ${x}, ${y})`),
        fc.tuple(t, t).map(([x, y]) => `COALESCE(${x}, ${y})`),
        fc.tuple(t, t).map(([x, y]) => `IFNULL(${x}, ${y})`),
        fc.tuple(t, t).map(([x, y]) => `NULLIF(${x}, ${y})`),
        t.map((x) => `UPPER(${x})`),
        t.map((x) => `REVERSE(${x})`),
        t.map((x) => `SUBSTR(${x}, 1, 2)`),
        t.map((x) => `TO_JSON_STRING(STRUCT(${x} AS k))`),
        t.map((x) => `TO_HEX(SHA256(${x}))`),
        t.map((x) => `acme.lab.shout(${x})`),
        n.map((x) => `CAST(${x} AS STRING)`),
        fc.tuple(b, t).map(([c, x]) => `CASE WHEN ${c} THEN ${x} ELSE 'else' END`),
        fc.tuple(t, b).map(([x, c]) => `STRUCT(${x} AS k, ${c} AS l).k`),
        t.map((x) => `[${x}, 'z'][SAFE_OFFSET(0)]`),
        t.map((x) => `JSON_VALUE(CONCAT('{"a":"', ${x}, '"}'), '$.a')`),
        fc.tuple(t, t).map(([x, y]) => `GREATEST(${x}, ${y})`),
        t.map((x) => `(SELECT ${x})`),
      ),
      number: fc.oneof(
        { maxDepth: 3, withCrossShrink: true },
        { weight: 5, arbitrary: plain(source.number, ['0', '7', 'CAST(NULL AS INT64)']) },
        t.map((x) => `LENGTH(${x})`),
        t.map((x) => `SAFE_CAST(${x} AS INT64)`),
        t.map((x) => `CAST(${x} AS INT64)`),
        fc.tuple(n, n).map(([x, y]) => `(${x} + ${y})`),
        fc.tuple(n, n).map(([x, y]) => `SAFE_ADD(${x}, ${y})`),
        fc.tuple(n, n).map(([x, y]) => `DIV(${x}, ${y})`),
        fc.tuple(b, n, n).map(([c, x, y]) => `IF(${c}, ${x}, ${y})`),
        tie('date').map((x) => `EXTRACT(YEAR FROM ${x})`),
        fc.tuple(t, n).map(([x, y]) => `(SELECT LENGTH(${x}) + ${y})`),
        b.map((x) => `CAST(${x} AS INT64)`),
      ),
      date: fc.oneof(
        { weight: 4, arbitrary: dates },
        fc.tuple(b, dates, dates).map(([c, x, y]) => `IF(${c}, ${x}, ${y})`),
      ),
      bool: fc.oneof(
        { maxDepth: 3, withCrossShrink: true },
        { weight: 2, arbitrary: fc.constantFrom('TRUE', 'FALSE') },
        { weight: 2, arbitrary: fc.constantFrom(...source.number).map((x) => `${x} > 3`) },
        fc.tuple(t, t).map(([x, y]) => `${x} = ${y}`),
        t.map((x) => `${x} LIKE '1%'`),
        t.map((x) => `${x} IS NULL`),
        fc.tuple(n, n).map(([x, y]) => `${x} < ${y}`),
        fc.tuple(b, b).map(([x, y]) => `(${x} AND ${y})`),
        fc.tuple(b, b).map(([x, y]) => `(${x} OR ${y})`),
        b.map((x) => `NOT ${x}`),
        t.map((x) => `${x} IN ('a', '111')`),
        t.map((x) => `EXISTS (SELECT 1 FROM acme.lab.orders q WHERE q.status = ${x})`),
      ),
    }
  })
  return { text, number, date, bool }
}

/** Conditions that most often touch no masked column: else nothing would be permitted. */
const open = (source: Source, bool: fc.Arbitrary<string>) =>
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.constantFrom('TRUE', `${source.alias}.id > 2`, `${source.alias}.id < 5`),
    },
    { weight: 1, arbitrary: bool },
  )

function select(source: Source): fc.Arbitrary<string> {
  const { text, number, date, bool } = expressions(source)
  const any = fc.oneof(text, number, date, bool)
  const where = open(source, bool)
  const { from, alias } = source
  const order = fc.oneof(
    { weight: 5, arbitrary: fc.constant(`ORDER BY ${alias}.id`) },
    { weight: 1, arbitrary: any.map((key) => `ORDER BY ${key}, ${alias}.id`) },
  )
  const key = fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(`MOD(${alias}.id, 2)`, `${alias}.id`) },
    { weight: 1, arbitrary: text },
  )
  const aggregate = fc.oneof(
    text.map((x) => `MAX(${x})`),
    text.map((x) => `STRING_AGG(${x} ORDER BY ${alias}.id)`),
    text.map((x) => `ANY_VALUE(${x})`),
    text.map((x) => `ARRAY_AGG(${x} IGNORE NULLS ORDER BY ${alias}.id)`),
    text.map((x) => `ARRAY_AGG(STRUCT(${x} AS k, ${alias}.id AS i) ORDER BY ${alias}.id)`),
    text.map((x) => `COUNT(${x})`),
    bool.map((x) => `COUNTIF(${x})`),
    number.map((x) => `SUM(${x})`),
    number.map((x) => `AVG(${x})`),
    number.map((x) => `MIN(${x})`),
    fc.constant('COUNT(*)'),
  )
  const window = fc.oneof(
    fc.constant(`ROW_NUMBER() OVER (ORDER BY ${alias}.id)`),
    text.map((x) => `LAG(${x}) OVER (ORDER BY ${alias}.id)`),
    text.map(
      (x) => `FIRST_VALUE(${x}) OVER (PARTITION BY MOD(${alias}.id, 2) ORDER BY ${alias}.id)`,
    ),
    fc.tuple(number, any).map(([x, y]) => `SUM(${x}) OVER (ORDER BY ${y})`),
  )
  return fc.oneof(
    {
      weight: 5,
      arbitrary: fc
        .tuple(any, any, where, order)
        .map(
          ([a, b, w, o]) => `SELECT ${alias}.id, ${a} AS x, ${b} AS y FROM ${from} WHERE ${w} ${o}`,
        ),
    },
    fc
      .tuple(key, aggregate, aggregate, where)
      .map(
        ([k, a, b, w]) =>
          `SELECT ${k} AS k, ${a} AS x, ${b} AS y FROM ${from} WHERE ${w} GROUP BY k ORDER BY k`,
      ),
    fc
      .tuple(window, any, where)
      .map(
        ([f, a, w]) =>
          `SELECT ${alias}.id, ${f} AS x, ${a} AS y FROM ${from} WHERE ${w} ORDER BY ${alias}.id`,
      ),
    fc
      .tuple(any, where)
      .map(
        ([a, w]) =>
          `WITH c AS (SELECT ${alias}.id AS i, ${a} AS x FROM ${from} WHERE ${w}) SELECT d.x, c.i FROM c JOIN c AS d USING (i) ORDER BY c.i`,
      ),
    fc
      .tuple(text, text, where)
      .map(
        ([a, b, w]) =>
          `SELECT x FROM (SELECT ${alias}.id AS i, ${a} AS x FROM ${from} WHERE ${w} UNION ALL SELECT ${alias}.id + 100, ${b} FROM ${from}) ORDER BY i`,
      ),
    fc
      .tuple(any, where)
      .map(
        ([a, w]) =>
          `SELECT q.s.x, q.s FROM (SELECT STRUCT(${a} AS x, ${alias}.id AS i) AS s FROM ${from} WHERE ${w}) q ORDER BY q.s.i`,
      ),
    fc
      .tuple(text, bool)
      .map(
        ([a, c]) =>
          `SELECT ${alias}.id, ARRAY(SELECT AS STRUCT ${a} AS k FROM acme.lab.orders z WHERE ${c} ORDER BY z.id) AS x FROM ${from} ORDER BY ${alias}.id`,
      ),
    fc
      .tuple(text, text)
      .map(
        ([a, b]) =>
          `SELECT ${a} AS x FROM ${from} INTERSECT DISTINCT SELECT ${b} FROM ${from} ORDER BY x`,
      ),
    fc.tuple(text).map(([a]) => `SELECT DISTINCT ${a} AS x FROM ${from} ORDER BY x`),
    fc
      .tuple(any, where)
      .map(
        ([a, w]) =>
          `SELECT ${alias}.id, ${a} AS x FROM ${from} WHERE ${w} QUALIFY ROW_NUMBER() OVER (ORDER BY ${alias}.id) < 4 ORDER BY 1`,
      ),
  )
}

/** Queries that are about shapes of their own. */
const SHAPES = [
  'SELECT * FROM acme.lab.people ORDER BY id',
  'SELECT p FROM acme.lab.people p ORDER BY p.id',
  'SELECT * EXCEPT (ssn) FROM acme.lab.people ORDER BY id',
  'SELECT * REPLACE (UPPER(ssn) AS city) FROM acme.lab.people ORDER BY id',
  'SELECT TO_JSON_STRING(p) AS j FROM acme.lab.people p ORDER BY p.id',
  'SELECT p.id, v.code, v.secret FROM acme.lab.people p, p.visits v ORDER BY 1, 2',
  'SELECT p.id, t FROM acme.lab.people p, p.tags t ORDER BY 1, 2',
  'SELECT p.id, ARRAY_LENGTH(p.tags) AS n, ARRAY_LENGTH(p.visits) AS m FROM acme.lab.people p ORDER BY 1',
  'SELECT p.id, p.tags[SAFE_OFFSET(0)] AS t, p.visits[SAFE_OFFSET(0)].secret AS s FROM acme.lab.people p ORDER BY 1',
  'SELECT p.id, ARRAY(SELECT v.secret FROM UNNEST(p.visits) v) AS s FROM acme.lab.people p ORDER BY 1',
  'SELECT p.id, ARRAY(SELECT AS STRUCT v.secret FROM UNNEST(p.visits) v) AS s FROM acme.lab.people p ORDER BY 1',
  'SELECT p.id, (SELECT MAX(v.secret) FROM UNNEST(p.visits) v) AS s FROM acme.lab.people p ORDER BY 1',
  'SELECT p.id, o.memo, p.note FROM acme.lab.people p LEFT JOIN acme.lab.orders o ON o.person_id = p.id ORDER BY p.id, o.id',
  'SELECT p.id, (SELECT o.memo FROM acme.lab.orders o WHERE o.person_id = p.id ORDER BY o.id LIMIT 1) AS m FROM acme.lab.people p ORDER BY 1',
  'SELECT p.id, (SELECT COUNT(*) FROM acme.lab.orders o WHERE o.memo = p.note) AS m FROM acme.lab.people p ORDER BY 1',
  'SELECT * FROM (SELECT id, city, ssn FROM acme.lab.people) PIVOT (MAX(ssn) FOR city IN ("A", "B")) ORDER BY id',
  'SELECT id, c, v FROM (SELECT id, ssn, note FROM acme.lab.people) UNPIVOT (v FOR c IN (ssn, note)) ORDER BY 1, 2',
  'SELECT * FROM acme.lab.cards ORDER BY id',
  // Its bytes told of masked columns that the view reads and this does not use.
  'SELECT id FROM acme.lab.cards ORDER BY id',
  'WITH RECURSIVE r AS (SELECT 1 AS n, "x" AS s UNION ALL SELECT n + 1, (SELECT MAX(p.ssn) FROM acme.lab.people p) FROM r WHERE n < 3) SELECT n, s FROM r ORDER BY n',
  'SELECT ERROR(ssn) FROM acme.lab.people',
  'SELECT IF(ssn LIKE "1%", ERROR("x"), "y") FROM acme.lab.people',
  'SELECT COUNT(ssn) AS n FROM acme.lab.people',
  'INSERT INTO acme.lab.copies (id, body) SELECT id, note FROM acme.lab.people',
  'UPDATE acme.lab.copies SET body = "x" WHERE id IN (SELECT salary FROM acme.lab.people)',
  'UPDATE acme.lab.orders SET status = memo WHERE TRUE',
  'DELETE FROM acme.lab.copies WHERE EXISTS (SELECT 1 FROM acme.lab.people WHERE ssn IS NULL)',
  'UPDATE acme.lab.orders SET memo = (SELECT MAX(p.note) FROM acme.lab.people p) WHERE id = 1',
]

/** A query an attacker might think of, or anybody. */
export const queries: fc.Arbitrary<string> = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom(...SHAPES) },
  { weight: 6, arbitrary: select(PEOPLE) },
  { weight: 3, arbitrary: select(ORDERS) },
  { weight: 2, arbitrary: select(CARDS) },
)

/** Every one of the fixed queries. */
export const shapes: readonly string[] = SHAPES
