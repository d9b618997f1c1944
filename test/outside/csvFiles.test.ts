import assert from 'node:assert/strict';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {gzipSync} from 'node:zlib';
import {csvNumber, csvRows, readCsv, type CsvOptions} from '../../lib/data';

type Bytes = string | Uint8Array;

/** What readers keep in files called tables, as in bug reports of pandas, readr, R, Arrow and spreadsheet programs. */
const READ: readonly (readonly [
  claim: string, content: Bytes, rows: readonly Readonly<Record<string, string>>[], options?: CsvOptions,
])[] = [
  ['a last line without an end', 'a,b\n1,2', [{a: '1', b: '2'}]],
  ['line ends of Windows', 'a,b\r\n1,2\r\n', [{a: '1', b: '2'}]],
  ['line ends of an old Macintosh', 'a,b\r1,2\r3,4\r', [{a: '1', b: '2'}, {a: '3', b: '4'}]],
  ['mixed line ends', 'a,b\r\n1,2\n3,4\r5,6\r\n', [{a: '1', b: '2'}, {a: '3', b: '4'}, {a: '5', b: '6'}]],
  ['a header alone, which has no rows', 'a,b\n', []],
  ['a header alone without a line end', 'a,b', []],
  ['the mark of UTF-8, which is no part of the first name', '\uFEFFa,b\n1,2\n', [{a: '1', b: '2'}]],
  ['the mark of UTF-8 before a quoted name', '\uFEFF"a","b"\n1,2\n', [{a: '1', b: '2'}]],
  ['UTF-16 with its mark, little end first', Buffer.from('\uFEFFa,b\r\n1,ü\r\n', 'utf16le'), [{a: '1', b: 'ü'}]],
  ['UTF-16 with its mark, big end first', Buffer.from('\uFEFFa,b\n1,ü\n', 'utf16le').swap16(), [{a: '1', b: 'ü'}]],
  ['letters beyond Latin, and beyond 16 bits', '患者,😀\n一,𝒙\n', [{患者: '一', '😀': '𝒙'}]],
  ['a line end inside quotes', 'a,b\n"one\ntwo",3\n', [{a: 'one\ntwo', b: '3'}]],
  ['a Windows line end inside quotes', 'a,b\r\n"one\r\ntwo",3\r\n', [{a: 'one\r\ntwo', b: '3'}]],
  ['doubled quotes', 'a,b\n"say ""no""",2\n', [{a: 'say "no"', b: '2'}]],
  ['quotes around nothing', 'a,b\n"",2\n', [{a: '', b: '2'}]],
  ['quoted delimiters and names', '"a,b","c"\n"1,5",2\n', [{'a,b': '1,5', c: '2'}]],
  ['a name of several lines', '"dose\n(mg)",b\n1,2\n', [{'dose\n(mg)': '1', b: '2'}]],
  ['empty cells at either end', 'a,b,c\n,,\n,1,\n', [{a: '', b: '', c: ''}, {a: '', b: '1', c: ''}]],
  ['blank lines between rows and at the end', 'a,b\n\n1,2\n\n\n3,4\n\n', [{a: '1', b: '2'}, {a: '3', b: '4'}]],
  ['blank lines before the header', '\n\na,b\n1,2\n', [{a: '1', b: '2'}]],
  ['a blank line of a table of one column, which is an empty cell', 'a\n1\n\n3\n', [{a: '1'}, {a: ''}, {a: '3'}]],
  ['spaces around cells, which belong to them', 'a, b\n 1 ,2\n', [{a: ' 1 ', ' b': '2'}]],
  ['one column without a name, as row names are written', ',a\nr1,1\n', [{'': 'r1', a: '1'}]],
  ['identifiers with leading zeros, as text', 'id\n007\n', [{id: '007'}]],
  ['identifiers of 19 digits, as text', 'id\n9007199254740993123\n', [{id: '9007199254740993123'}]],
  ['an identifier twice: both rows stay', 'id,x\n7,1\n7,2\n', [{id: '7', x: '1'}, {id: '7', x: '2'}]],
  ['the texts NA, null and NaN, which are texts', 'a,b,c\nNA,null,NaN\n', [{a: 'NA', b: 'null', c: 'NaN'}]],
  [
    'columns named like members of every object', 'constructor,toString\n1,2\n',
    [{constructor: '1', toString: '2'} as never],
  ],
  ['a column named __proto__', '__proto__,a\n1,2\n', [Object.fromEntries([['__proto__', '1'], ['a', '2']])]],
  ['names that differ in case', 'a,A\n1,2\n', [{a: '1', A: '2'}]],
  ['names that are numbers, in their order', '10,2\n1,2\n', [{10: '1', 2: '2'}]],
  ['semicolons where the option says so', 'a;b\n1,5;2\n', [{a: '1,5', b: '2'}], {delimiter: ';'}],
  ['tabs where the option says so', 'a\tb\n1\t\n', [{a: '1', b: ''}], {delimiter: '\t'}],
  ['one column with a semicolon in its name where the option says comma', 'a;b\n1\n', [{'a;b': '1'}], {delimiter: ','}],
  ['gzip whatever the name says', gzipSync('a,b\n1,2\n'), [{a: '1', b: '2'}]],
  ['gzip in several members', Buffer.concat([gzipSync('a,b\n1,'), gzipSync('2\n')]), [{a: '1', b: '2'}]],
  ['gzip around UTF-16', gzipSync(Buffer.from('\uFEFFa\n1\n', 'utf16le')), [{a: '1'}]],
  ['a cell of a megabyte', `a,b\n${'x'.repeat(2 ** 20)},2\n`, [{a: 'x'.repeat(2 ** 20), b: '2'}]],
  [
    'a letter of three bytes across every boundary of reading', `a\n${'€'.repeat(100_001)}\n`,
    [{a: '€'.repeat(100_001)}],
  ],
  ['a line of a thousand columns',
    `${Array.from({length: 1000}, (_, k) => `c${k}`).join()}\n${Array.from({length: 1000}, (_, k) => k).join()}\n`,
    [Object.fromEntries(Array.from({length: 1000}, (_, k) => [`c${k}`, String(k)]))]],
];

const REFUSED: readonly (readonly [claim: string, content: Bytes, message: RegExp])[] = [
  ['a name twice, which would lose a column', 'a,a\n1,2\n', /Two of its columns are named "a": rename one/],
  ['two columns without a name', 'a,,\n1,2,3\n', /Two of its columns are named ""/],
  ['an empty file', '', /It is empty: a table has a header line/],
  ['a file of blank lines', '\n\r\n\n', /It is empty/],
  ['the mark of UTF-8 alone', '\uFEFF', /It is empty/],
  ['a row that is too short', 'a,b\n1,2\n3\n', /row 2 has 1 cells, the header 2/],
  ['a row that is too long', 'a,b\n1,2,3\n', /row 1 has 3 cells, the header 2/],
  ['a delimiter at the end of every row but the header', 'a,b\n1,2,\n3,4,\n', /row 1 has 3 cells, the header 2/],
  ['row names without a heading, as R writes them', '"a","b"\n"1",5,6\n', /row 1 has 3 cells, the header 2/],
  ['quotes that never close', 'a,b\n"1,2\n3,4\n', /Quote Not Closed/],
  ['a quote in the middle of a cell', 'a,b\n5" pipe,2\n', /Invalid Opening Quote/],
  ['letters after a closing quote', 'a,b\n"1"x,2\n', /Invalid Closing Quote/],
  ['semicolons without the option', 'a;b\n1,5;2\n', /Its header has no comma, but ";": give the option delimiter/],
  ['tabs without the option', 'a\tb\n1\t2\n', /no comma, but "\\t"/],
  ['a spreadsheet program\'s note', 'sep=,\na,b\n1,2\n', /the note "sep=" for a spreadsheet program/],
  ['UTF-16 without its mark', Buffer.from('a,b\n1,2\n', 'utf16le'), /NUL characters/],
  ['a NUL byte', 'a,b\n1,\u00002\n', /NUL characters/],
  ['Latin-1', Buffer.from('name\nMüller\n', 'latin1'), /not all utf-8 text: save it as UTF-8/],
  ['half a letter at the end', Buffer.from('a\n€').subarray(0, 4), /not all utf-8 text/],
  [
    'half a letter of UTF-16', Buffer.concat([Buffer.from('\uFEFFa\n', 'utf16le'), Buffer.of(0x31)]),
    /not all utf-16le text/,
  ],
  ['gzip that is cut short', gzipSync('a,b\n'.repeat(1000)).subarray(0, 30), /unexpected end of file/],
  [
    'gzip whose checksum is wrong', ((bytes: Buffer) => (bytes[bytes.length - 8] ^= 1, bytes))(gzipSync('a,b\n1,2\n')),
    /incorrect data check/,
  ],
  ['gzip inside gzip', gzipSync(gzipSync('a,b\n1,2\n')), /not all utf-8 text/],
  [
    'a zip archive or a spreadsheet', Buffer.from('504b03041400000008', 'hex'),
    /a zip archive or spreadsheet: export it as CSV/,
  ],
  ['bzip2', Buffer.from('425a68393141592653', 'hex'), /bzip2/],
  ['xz', Buffer.from('fd377a585a000004', 'hex'), /xz/],
  ['zstd', Buffer.from('28b52ffd2000', 'hex'), /zstd/],
  ['Parquet', Buffer.from('PAR1\x15\x04'), /Parquet/],
  ['Arrow', Buffer.from('ARROW1\0\0'), /Arrow/],
];

const NUMBERS: readonly (readonly [cell: string, value: number | undefined])[] = [
  ['', undefined], ['  ', undefined], ['0', 0], ['-0', -0], ['+5', 5], [' 12 ', 12], ['\t3\u00a0', 3], ['007', 7],
  ['.5', 0.5], ['5.', 5], ['-1.5e-3', -0.0015], ['1E5', 1e5],
  ['9007199254740991', 2 ** 53 - 1], ['9007199254740992', 2 ** 53], ['-18014398509481984', -(2 ** 54)],
  ['0.1000000000000000055511151231257827', 0.1], ['1.7976931348623157e308', Number.MAX_VALUE],
];

const NO_NUMBERS = ['1e400', '-1e400', '0x10', '0b1', '0o7', '1 234', '1,234', '1.234,5', '1_000', '1e', 'e5', '.', '-',
  '+-1', '1d5', '5%', '$5', '−5', '１２', 'NaN', 'nan', 'NA', 'null', 'None', '-',
  'Infinity', '-inf', 'true', '2020-01-01', '12:30', '1/2', '12a', '9007199254740993', '-9007199254740993',
  '12345678901234567891'];

describe('CSV files as readers have them', () => {
  let folder: string;
  before(() => { folder = mkdtempSync(join(tmpdir(), 'obsnode-csv-')); });
  after(() => rmSync(folder, {recursive: true}));
  const file = (content: Bytes, name = 'table.csv') => (writeFileSync(join(folder, name), content), join(folder, name));

  for (const [claim, content, rows, options] of READ)
    it(`read: ${claim}`, async () => assert.deepEqual(await readCsv(file(content), options), rows));

  for (const [claim, content, message] of REFUSED) {
    it(`refused by name: ${claim}`, () => assert.rejects(readCsv(file(content)), (error: Error) =>
      error.name === 'ArgumentError' && message.test(error.message) && error.message.includes('table.csv')));
  }

  it('read: text whose name ends in .gz', async () =>
    assert.deepEqual(await readCsv(file('a,b\n1,2\n', 'plain.csv.gz')), [{a: '1', b: '2'}]));

  it('refused by name: a folder and a missing file', async () => {
    await assert.rejects(readCsv(folder), {name: 'ArgumentError', message: /csvRows: argument `path`.*EISDIR/});
    await assert.rejects(readCsv(join(folder, 'none')), {
      name: 'ArgumentError', message: /must be a readable file.*ENOENT/,
    });
  });

  it('a hundred thousand rows come one by one, also when the reader stops', async () => {
    const path = file(gzipSync(`a,b\n${'1,2\n'.repeat(100_000)}`));
    let rows = 0;
    for await (const row of csvRows(path)) rows += Number(row.a);
    assert.equal(rows, 100_000);
    for await (const row of csvRows(path)) if (++rows && row.b === '2') break;
    assert.equal(rows, 100_001);
  });

  for (const [cell, value] of NUMBERS) it(`a number: ${JSON.stringify(cell)}`, () =>
    assert.ok(Object.is(csvNumber(cell), value), String(csvNumber(cell))));
  for (const cell of NO_NUMBERS) it(`no number: ${JSON.stringify(cell)}`, () =>
    assert.throws(() => csvNumber(cell), {name: 'ArgumentError', message: /csvNumber: argument `cell`/}));
});
