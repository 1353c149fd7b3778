/**
 * An MCP host: `mcp-host.mjs stdio <command> <arg>…` starts a server, `mcp-host.mjs http <url>` talks to
 * one as whoever `TOKEN` is.
 */
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'

import { answerLines } from './answer-lines.mjs'

const [kind, command, ...args] = process.argv.slice(2)
const transport =
  kind === 'stdio'
    ? new StdioClientTransport({ command, args, env: process.env, stderr: 'inherit' })
    : new StreamableHTTPClientTransport(new URL(command), {
        requestInit: { headers: { authorization: `Bearer ${process.env.TOKEN}` } },
      })
const client = new Client({ name: 'sluice-client-tests', version: '1' })
await client.connect(transport)

await answerLines(
  {
    tools: async () => (await client.listTools()).tools.map(({ name }) => name),
    /** Gives up after `timeout` ms; after a minute when there is none. */
    call: async (name, input, timeout) => {
      const tool = { name, arguments: input }
      const { content, isError } = await client.callTool(tool, undefined, { timeout })
      return { isError: isError === true, texts: content.map(({ text }) => text) }
    },
    resources: async () => (await client.listResources()).resources,
    read: async (uri) => (await client.readResource({ uri })).contents.map(({ text }) => text),
  },
  ({ message, code }) => ({ message, code }),
)
await client.close()
// Servers start others, which would outlive them; whoever starts this makes it the head of a group.
process.kill(-process.pid, 'SIGKILL')
