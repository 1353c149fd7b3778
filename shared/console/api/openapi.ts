import type { AuditApp } from './audit-app.ts'

/**
 * Serves the description of every route that was added before, as OpenAPI 3.1, at `/openapi.json`. Without a token: it says
 * how to ask and nothing of what there is.
 */
export function serveOpenApi(app: AuditApp): void {
  app.openAPIRegistry.registerComponent('securitySchemes', 'bearer', {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'A token that the gateway trusts: of an issuer in its policy, or its own.',
  })
  app.get('/openapi.json', () => {
    const document = app.getOpenAPI31Document({
      openapi: '3.1.0',
      info: {
        title: 'Sluice audit API',
        version: 'v1',
        description:
          'Search, read, export and replay the record, and decide what waits. Whoever reads is on the record first.',
      },
    })
    return new Response(JSON.stringify(document), {
      headers: {
        'content-type': 'application/json; charset=UTF-8',
        'cache-control': 'no-cache',
        'x-content-type-options': 'nosniff',
      },
    })
  })
}
