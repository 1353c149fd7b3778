const SUBSCRIPTIONS = [
  ['approval-requests', 'approval-notifier'],
  ['approval-decisions', 'approval-resolver'],
] as const

/** What infra creates: topics, push subscriptions, dead letters. Resolves with what deletes the subscriptions again. */
export async function createTopics(
  /** The emulator, `127.0.0.1:8085`. */
  host: string,
  project: string,
  /** Pushes go to `<endpoint>/<function>/…`. */
  endpoint: string,
): Promise<() => Promise<void>> {
  const full = (kind: string, id: string): string => `projects/${project}/${kind}/${id}`
  const create = async (name: string, body: unknown): Promise<void> => {
    const reply = await fetch(`http://${host}/v1/${name}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    if (!reply.ok) throw new Error(await reply.text())
  }
  for (const [topic, name] of SUBSCRIPTIONS) {
    const dead = `${topic}-dead-letter`
    await create(full('topics', topic), {})
    await create(full('topics', dead), {})
    await create(full('subscriptions', topic), {
      topic: full('topics', topic),
      pushConfig: { pushEndpoint: `${endpoint}/${name}/` },
      ackDeadlineSeconds: 60,
      deadLetterPolicy: { deadLetterTopic: full('topics', dead), maxDeliveryAttempts: 5 },
    })
    await create(full('subscriptions', dead), {
      topic: full('topics', dead),
      pushConfig: { pushEndpoint: `${endpoint}/${name}/dead-letter` },
      ackDeadlineSeconds: 60,
    })
  }
  // The emulator outlives this, and would go on pushing.
  return async () => {
    for (const [topic] of SUBSCRIPTIONS)
      for (const id of [topic, `${topic}-dead-letter`])
        await fetch(`http://${host}/v1/${full('subscriptions', id)}`, { method: 'DELETE' })
  }
}
