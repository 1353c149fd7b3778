/** A Cloud Function that does nothing: the floor for a cold start. */
import { http } from '@google-cloud/functions-framework'

http('empty', (_request, response) => {
  response.end()
})
