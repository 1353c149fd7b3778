import type { AddPages } from '../pages.ts'
import { showPolicy } from './policy-page.tsx'
import { testPolicyPage } from './test-policy-page.tsx'
import { tryPolicy } from './try-policy-page.tsx'

/** The policy in force, what another one would have said, and whether it decides as cases say. */
export const policyPages: AddPages = (app) => {
  app.get('/policy', showPolicy)
  app.post('/policy/what-if', tryPolicy)
  app.post('/policy/test', testPolicyPage)
}
