import type { Recorder } from '../../recording/recorder.ts'
import type { AuditSurface } from '../audit-ports.ts'
import type { SessionPorts } from '../sign-in/console-sessions.ts'
import type { Api } from './ask-api.ts'

/** What the console asks of the world. `signIn.gateway` is where browsers reach it. */
export interface ConsolePorts extends Recorder, SessionPorts {
  readonly api: Api
}

/** What it knows of the world around it. */
export type ConsoleSurface = Pick<AuditSurface, 'sourceAddress' | 'refusalBudget' | 'onFailure'>
