/** Somebody who works through the gateway, and with which client. */
export interface Actor {
  /** In `identities.yaml`. */
  readonly id: string
  /** The program in which a person signs in; by default the command line. */
  readonly client?: string
  /** The person a machine acts for (RFC 8693), if it does. */
  readonly actsFor?: string
  readonly userAgent: string
  /** Labels that the client puts on its jobs. */
  readonly labels?: Readonly<Record<string, string>>
}

const NODE = 'google-cloud-node-core/4.0.2 google-cloud-node/9.3.0'
const CONSOLE = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0.0.0 Safari/537.36'
const TOOLBOX = 'genai-toolbox/1.12.0'

export const ana: Actor = {
  id: 'ana',
  userAgent: 'gl-python/3.13 google-api-core/2.28 gccl/3.39 jupyter/7.5',
}
export const anaInShell: Actor = { id: 'ana', userAgent: 'google-cloud-sdk bq/2.1.24' }
export const carla: Actor = { id: 'carla', userAgent: `ward-dashboard/4.2 ${NODE}` }
export const petra: Actor = { id: 'petra', userAgent: CONSOLE }
export const paul: Actor = { id: 'paul', userAgent: CONSOLE }
export const otto: Actor = { id: 'otto', userAgent: `sluice-cli/0.1 ${NODE}` }
export const ada: Actor = { id: 'ada', userAgent: 'google-cloud-sdk bq/2.1.24' }

/** An agent behind Google's MCP Toolbox. */
export const toolbox: Actor = {
  id: 'mcp-agent',
  userAgent: TOOLBOX,
  labels: { 'mcp-toolbox-tool': 'execute-sql' },
}
/** The same agent behind another MCP server. */
export const analyticsServer: Actor = {
  id: 'mcp-agent',
  userAgent: `mcp-bigquery-server/1.0.4 ${NODE}`,
}
/** An agent that does research for Ana, with her leave. */
export const researchAgent: Actor = {
  id: 'research-agent',
  actsFor: 'ana',
  userAgent: TOOLBOX,
  labels: { 'mcp-toolbox-tool': 'ask-data-insights' },
}
/** Carla, signed in at the assistant of her ward. */
export const carlaByAssistant: Actor = {
  id: 'carla',
  client: 'mcp-agent',
  userAgent: `ward-assistant/0.9 ${NODE}`,
}
export const etl: Actor = { id: 'ci-etl', userAgent: 'dbt-bigquery/1.11.0 dbt/1.11.2' }
