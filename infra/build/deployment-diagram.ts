/** `node infra/build/deployment-diagram.ts`: renders docs/deployment.dot to docs/deployment.svg. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { renderDiagram } from './diagram/render-diagram.ts'

const docs = join(import.meta.dirname, '../../docs')
const dot = readFileSync(join(docs, 'deployment.dot'), 'utf8')
writeFileSync(join(docs, 'deployment.svg'), await renderDiagram(dot))
