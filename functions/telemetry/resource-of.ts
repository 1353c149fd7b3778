import { randomUUID } from 'node:crypto'

import {
  type Resource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources'

import { projectOf } from './project-of.ts'

/**
 * What traces and metrics are from: the function, its revision and this instance of it, as Cloud Run names them, and the
 * project, without which Google's endpoint takes nothing. `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES` add to it,
 * and have the last word.
 */
export function resourceOf(env: NodeJS.ProcessEnv): Resource {
  const project = projectOf(env)
  const revision = env['K_REVISION']
  return resourceFromAttributes({
    'service.name': env['K_SERVICE'] ?? 'sluice',
    'service.namespace': 'sluice',
    'service.instance.id': randomUUID(),
    ...(revision === undefined ? {} : { 'faas.version': revision }),
    ...(project === undefined ? {} : { 'gcp.project_id': project }),
  }).merge(detectResources({ detectors: [envDetector] }))
}
