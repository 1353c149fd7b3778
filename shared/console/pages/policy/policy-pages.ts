import type { AddPages } from '../pages.ts'
import { showPolicy } from './policy-page.tsx'
import { tryPolicy } from './try-policy-page.tsx'

/** The policy in force, and what another one would have said. */
export const policyPages: AddPages = (app) => {
  app.get('/policy', showPolicy)
  app.post('/policy/what-if', tryPolicy)
}
