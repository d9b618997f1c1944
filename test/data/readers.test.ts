import assert from 'node:assert/strict';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {gzipSync} from 'node:zlib';
import {csvNumber, csvRows, dataSets, locate, MissingDataError, parseNpy, readCsv} from '../../lib/data';
import {readPublishedCancer} from '../../lib/studies/cancer';

/** A .npy file by its definition, version 1. */
function npy(descr: string, shape: string, body: Uint8Array, {fortran = 'False'} = {}): Uint8Array {
  const header = `{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': ${shape}, }`;
  const padded = header.padEnd(Math.ceil((header.length + 11) / 64) * 64 - 11) + '\n';
  const length = Uint8Array.of(padded.length & 255, padded.length >> 8);
  return Buffer.concat([Buffer.from('\x93NUMPY\x01\x00', 'latin1'), length, Buffer.from(padded, 'latin1'), body]);
}

describe('reading .npy files', () => {
  const bytes = (array: Float32Array | Float64Array | Int32Array | BigInt64Array) => new Uint8Array(array.buffer);

  it('gives shape and values of every supported type', () => {
    assert.deepEqual([...parseNpy(npy('<f8', '(2, 3)', bytes(Float64Array.of(1, 2, 3, 4, 5, 6.5)))).data], [
      1, 2, 3, 4, 5, 6.5,
    ]);
    assert.deepEqual(
      parseNpy(npy('<f4', '(2, 1)', bytes(Float32Array.of(1.5, -2)))),
      parseNpy(npy('<f8', '(2, 1)', bytes(Float64Array.of(1.5, -2)))),
    );
    assert.deepEqual([...parseNpy(npy('<i4', '(3,)', bytes(Int32Array.of(-1, 0, 7)))).data], [-1, 0, 7]);
    assert.deepEqual([...parseNpy(npy('<i8', '(1,)', bytes(BigInt64Array.of(-5n)))).data], [-5]);
    assert.deepEqual(parseNpy(npy('<f8', '()', bytes(Float64Array.of(3)))).shape, []);
  });

  it('refuses what it cannot read rather than guess', () => {
    assert.throws(() => parseNpy(Buffer.from('not an array at all')), /parseNpy: argument `bytes`/);
    assert.throws(() => parseNpy(npy('<f8', '(2,)', bytes(Float64Array.of(1)))), /bytes long for shape \[2\]/);
    assert.throws(() => parseNpy(npy('<c16', '(1,)', bytes(Float64Array.of(1, 2)))), /of one of the types/);
    assert.throws(() => parseNpy(npy('<f8', '(1, 1)', bytes(Float64Array.of(1)), {fortran: 'True'})), /C order/);
  });
});

describe('reading CSV tables', () => {
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), 'obsnode-'))));
  after(() => rmSync(folder, {recursive: true}));
  const file = (name: string, content: string | Uint8Array) =>
    (writeFileSync(join(folder, name), content), join(folder, name));

  it('reads quoted commas, empty cells and compressed files', async () => {
    const text = 'id,drug,value\n1,"Vancomycin, oral",\n2,Ceftriaxone,3.5\n';
    const expected = [{id: '1', drug: 'Vancomycin, oral', value: ''}, {id: '2', drug: 'Ceftriaxone', value: '3.5'}];
    assert.deepEqual(await readCsv(file('a.csv', text)), expected);
    assert.deepEqual(await readCsv(file('a.csv.gz', gzipSync(text))), expected);
    assert.deepEqual(expected.map(row => csvNumber(row.value)), [undefined, 3.5]);
  });

  it('gives rows one at a time and lets go of the file when the reader stops', async () => {
    const path = file('long.csv', `n\n${Array.from({length: 50000}, (_, i) => i).join('\n')}\n`), seen: string[] = [];
    for await (const row of csvRows(path)) if (seen.push(row.n) === 3) break;
    assert.deepEqual(seen, ['0', '1', '2']);
  });

  it('reports a missing file, a ragged row, a damaged archive and a cell that is no number', async () => {
    await assert.rejects(readCsv(join(folder, 'none.csv')), /csvRows: argument `path` must be a readable file/);
    await assert.rejects(readCsv(file('ragged.csv', 'a,b\n1,2\n3\n')), /well-formed CSV file.*Invalid Record Length/);
    await assert.rejects(readCsv(file('bad.csv.gz', gzipSync('a\n1\n').subarray(0, 15))), /well-formed CSV file/);
    assert.throws(() => csvNumber('12a'), /csvNumber/);
  });
});

describe('the data registry', () => {
  it('names licence, source, citation and every file for each set', () => {
    for (const [name, set] of Object.entries(dataSets)) {
      for (const field of ['title', 'licence', 'citation', 'url', 'obtain'] as const)
        assert.ok(set[field].length > 10, `${name}.${field}`);
      for (const [path, sum] of Object.entries(set.files)) assert.match(sum, /^[0-9a-f]{64}$/, path);
    }
  });

  it('says how to obtain a set that is not here: source, licence and where to put it', () => {
    assert.throws(() => locate('mimic_demo', {roots: ['/nowhere']}), (error: Error) => error instanceof MissingDataError
      && [
        '/nowhere/mimic_demo', 'physionet.org', 'Open Database License', 'data/cache/mimic_demo', 'OBSNODE_DATA',
      ].every(part => error.message.includes(part)));
    assert.throws(() => readPublishedCancer('train', {roots: []}), /cancerCohort\(\) draws equivalent cohorts/);
  });

  it('looks in $OBSNODE_DATA and in data/cache of the project, and nowhere else', () => {
    const before = process.env.OBSNODE_DATA, cache = join(__dirname, '..', '..', 'data', 'cache');
    const searched = () => {
      try {
        return `Searched: ${locate('propofol_eleveld')}`;
      } catch (error) {
        return (error as Error).message.split('\n')[1];
      }
    };
    try {
      delete process.env.OBSNODE_DATA;
      assert.equal(searched().replace(/\.$/, ''), `Searched: ${join(cache, 'propofol_eleveld')}`);
      process.env.OBSNODE_DATA = '/nowhere';
      assert.ok([
        `Searched: /nowhere/propofol_eleveld, ${join(cache, 'propofol_eleveld')}.`,
        `Searched: ${join(cache, 'propofol_eleveld')}`,
      ].includes(searched()));
    } finally {
      if (before === undefined) delete process.env.OBSNODE_DATA;
      else process.env.OBSNODE_DATA = before;
    }
  });

  it('takes the first root that has all files', () => {
    const root = mkdtempSync(join(tmpdir(), 'obsnode-'));
    try {
      assert.throws(() => locate('flux_samples', {roots: [root]}), MissingDataError);
    } finally {
      rmSync(root, {recursive: true});
    }
  });

  it('refuses unknown names and lists the known ones', () => {
    assert.throws(() => locate('mimic'), /locate: argument `name` must be one of cancer, mimic_demo/);
    assert.throws(() => readPublishedCancer('dev' as 'train'), /argument `split` must be one of train, val, test/);
  });
});
