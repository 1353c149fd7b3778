import { expect, test } from 'vitest'

import { canonicalJson } from '../../shared/kernel/canonical-json.ts'
import { describeVectors } from '../support/vectors.ts'

// RFC 8785's own. Ours is the same form for less: no floats.
describeVectors('jcs', (vectors) => {
  const names = ['arrays', 'french', 'structures', 'unicode', 'values', 'weird']
  const input = (name: string) => vectors.json(`testdata/input/${name}.json`) as object
  const output = (name: string) => vectors.text(`testdata/output/${name}.json`)

  test('there are six', () => {
    expect(vectors.list('testdata/input')).toEqual(
      names.map((name) => `testdata/input/${name}.json`),
    )
  })

  test.each(names.filter((name) => name !== 'values'))('%s', (name) => {
    const text = canonicalJson(input(name))
    expect(text).toBe(output(name))
    const hex = vectors.text(`testdata/outhex/${name}.txt`).replaceAll(/\s/g, '')
    expect(Buffer.from(text).toString('hex')).toBe(hex)
  })

  test('values, apart from its floats', () => {
    expect(() => canonicalJson(input('values'))).toThrow(TypeError)
    expect(canonicalJson({ ...input('values'), numbers: [] })).toBe(
      output('values').replace(/"numbers":\[[^\]]*\]/, '"numbers":[]'),
    )
  })
})
