/** Something in one file of the module, and what is there instead. */
type Change = readonly [file: string, from: string | RegExp, to: string]

/** A mistake that somebody could make, and the words with which the module's own tests find it. */
interface Mistake {
  readonly change: Change
  readonly words: string
}

const mistake = (words: string, ...change: Change): Mistake => ({ change, words })

const promises: readonly Mistake[] = [
  mistake(
    'a primitive role is granted',
    'functions.tf',
    '["roles/logging.logWriter", ',
    '["roles/editor", ',
  ),
  mistake(
    'something is public that no variable names',
    'functions.tf',
    'if contains(var.public_functions, name)',
    '',
  ),
  mistake(
    'a function that is not public can be reached from outside',
    'functions.tf',
    'var.ingress : "ALLOW_INTERNAL_ONLY"',
    'var.ingress : "ALLOW_ALL"',
  ),
  mistake(
    'the gateway can list, change or delete entries',
    'iam.tf',
    'permissions = concat(local.look_up, ["datastore.entities.create"])',
    'permissions = concat(local.look_up, ["datastore.entities.create", "datastore.entities.delete"])',
  ),
  mistake(
    'who writes entries can change or delete them',
    'iam.tf',
    'permissions = concat(local.read_listed, ["datastore.entities.create"])',
    'permissions = concat(local.read_listed, ["datastore.entities.create", "datastore.entities.update"])',
  ),
  mistake(
    'the retainer can change entries',
    'iam.tf',
    'permissions = concat(local.read_listed, ["datastore.entities.create", "datastore.entities.delete"])',
    'permissions = concat(local.read_listed, ["datastore.entities.update", "datastore.entities.delete"])',
  ),
  mistake(
    'the gateway has another role than that of who creates entries',
    'iam.tf',
    /gateway {11}= "entry_creator"/,
    'gateway           = "entry_writer"',
  ),
  mistake(
    'somebody besides the retainer deletes entries',
    'iam.tf',
    /sweeper {11}= "entry_writer"/,
    'sweeper           = "entry_retainer"',
  ),
  mistake(
    'somebody besides the retainer deletes what changes',
    'iam.tf',
    'each.key == "retainer" ? local.role_of["index_keeper"]',
    'each.key != "gateway" ? local.role_of["index_keeper"]',
  ),
  mistake(
    'leave to write entries is leave for other databases',
    'iam.tf',
    /expression {2}= "resource.name == .*entries.name.*"/,
    'expression = "true"',
  ),
  mistake(
    'leave for operations reaches the record',
    'iam.tf',
    /expression {2}= "resource.name == .*operations.name.*"/,
    'expression = "true"',
  ),
  mistake(
    'somebody can sign tokens who gives none',
    'secrets.tf',
    'for_each = local.token_holders',
    'for_each = local.deployed',
  ),
  mistake(
    'who is told of the signing key is not who may read it',
    'functions.tf',
    'contains(local.token_holders, each.key) ? local.token_environment : {}',
    'local.token_environment',
  ),
  mistake(
    'somebody opens private facts who shows none',
    'keys.tf',
    'for_each = local.confidants',
    'for_each = local.recorders',
  ),
  mistake(
    'somebody can run queries who should not',
    'iam.tf',
    'queriers = ["gateway", ',
    'queriers = ["retainer", "gateway", ',
  ),
  mistake(
    'a topic has no dead letter',
    'pubsub.tf',
    'for_each = google_pubsub_topic.approvals\n',
    'for_each = merge(google_pubsub_topic.approvals, { more = 1 })\n',
  ),
  mistake(
    'an index of the list is missing',
    'firestore.tf',
    'for index in local.firestore.indexes :',
    'for index in slice(local.firestore.indexes, 1, length(local.firestore.indexes)) :',
  ),
  mistake(
    'an exemption of the list is missing',
    'firestore.tf',
    'for field in local.firestore.exempt :',
    'for field in slice(local.firestore.exempt, 1, length(local.firestore.exempt)) :',
  ),
  mistake(
    'something that ends has no time to live, or something lasting has one',
    'firestore.tf',
    'each.value.ttl ? [true] : []',
    'each.value.ttl ? [] : [true]',
  ),
  mistake(
    'the record can be deleted, or not be restored',
    'firestore.tf',
    'point_in_time_recovery_enablement = "POINT_IN_TIME_RECOVERY_ENABLED"',
    'point_in_time_recovery_enablement = "POINT_IN_TIME_RECOVERY_DISABLED"',
  ),
  mistake(
    "the log's bucket is not what it should be",
    'storage.tf',
    /enable_object_retention( +)= true/,
    'enable_object_retention$1= false',
  ),
  mistake(
    'somebody besides the publisher signs checkpoints',
    'keys.tf',
    'for_each = toset(["log-ed25519", "log-p256"])',
    'for_each = toset(["log-ed25519", "log-p256", "writer-authority"])',
  ),
  mistake(
    'the publisher can replace what is published',
    'storage.tf',
    '"storage.objects.create",',
    '"storage.objects.create",\n    "storage.objects.delete",',
  ),
  mistake(
    'more can be deleted from the log than what is staged',
    'storage.tf',
    /retainer {6}= "resource.name.*"/,
    'retainer      = "true"',
  ),
  mistake(
    "somebody reads the log's bucket who need not",
    'storage.tf',
    'for_each = toset(["console", "retainer"])',
    'for_each = toset(["console", "retainer", "gateway"])',
  ),
  mistake(
    'the keys of the log are not what the design says',
    'keys.tf',
    'protection = "HSM"',
    'protection = "SOFTWARE"',
  ),
  mistake('a metric is missing', 'monitoring.tf', /\n {4}strangers .*\n/, '\n'),
  mistake(
    'an alert is missing',
    'alerts.tf',
    'for_each = local.alerts',
    'for_each = { for name, alert in local.alerts : name => alert if name != "bypass" }',
  ),
  mistake(
    'an alert names no section of the runbook',
    'alerts.tf',
    String.raw`\n\n${'${local.runbook[each.value.section]}'}`,
    '',
  ),
  mistake(
    'telemetry is sent without being asked for',
    'functions.tf',
    'telemetry_environment = var.telemetry ?',
    'telemetry_environment = true ?',
  ),
  mistake('not the runtime that is tested', 'functions.tf', '"nodejs24"', '"nodejs20"'),
  mistake(
    'a subscription pushes without a token, or without a dead letter',
    'pubsub.tf',
    'max_delivery_attempts = 20',
    'max_delivery_attempts = 5',
  ),
  mistake('a schedule calls without a token', 'functions.tf', /\n {4}oidc_token \{[^}]*\}\n/, '\n'),
  mistake(
    'what is published is not locked',
    'functions.tf',
    'SLUICE_LOG_LOCK_DAYS = tostring(var.log_lock_days)',
    'SLUICE_LOG_LOCK_DAYS = "0"',
  ),
  mistake(
    "who is told of slack's signing secret is not who may read it",
    'functions.tf',
    'if each.name == name',
    'if each.name == name || (name == "gateway" && each.name == "slack")',
  ),
  mistake('telemetry needs another role', 'iam.tf', '"roles/telemetry.tracesWriter", ', ''),
]

/** These would be found by tests that find others, too. */
const more: readonly Mistake[] = [
  mistake(
    "others read slack's secrets than those who use them",
    'secrets.tf',
    '"slack-signing-secret/slack"    = {',
    '"slack-signing-secret/gateway"  = { secret = "slack-signing-secret", name = "gateway" }\n    "slack-signing-secret/slack"    = {',
  ),
  mistake(
    'who is told of the signing key is not who may read it',
    'functions.tf',
    'contains(local.token_holders, each.key) ? local.token_environment : {}',
    '{}',
  ),
  mistake(
    'two functions share an account',
    'functions.tf',
    '"${var.name}-${each.key}"\n  display',
    '"${var.name}-one"\n  display',
  ),
  mistake(
    "slack's function has a place in the record",
    'keys.tf',
    'for_each = local.recorders\n\n  crypto_key_id = google_kms_crypto_key.signing["writer-authority"]',
    'for_each = local.deployed\n\n  crypto_key_id = google_kms_crypto_key.signing["writer-authority"]',
  ),
  mistake(
    'an alert reaches nobody',
    'alerts.tf',
    /notification_channels = .*/,
    'notification_channels = []',
  ),
]

const dashboard: readonly Mistake[] = [
  mistake(
    'a tile is missing',
    'modules/dashboard/main.tf',
    'title = "Bypass found"',
    'title = "All is well"',
  ),
  mistake('a tile is outside', 'modules/dashboard/main.tf', 'width  = 24', 'width  = 48'),
  mistake(
    'a line shows no metric of Sluice',
    'modules/dashboard/main.tf',
    'metric.type"',
    'metric.kind"',
  ),
]

const edge: readonly Mistake[] = [
  mistake(
    'something is reached without Cloud Armor',
    'modules/edge/main.tf',
    /security_policy +=.*/,
    'security_policy = null',
  ),
  mistake(
    'the custom domain is not served by https alone',
    'modules/edge/main.tf',
    '"443"',
    '"80"',
  ),
  mistake('old TLS is spoken', 'modules/edge/main.tf', '"TLS_1_2"', '"TLS_1_0"'),
  mistake('nobody is slowed down', 'modules/edge/armor.tf', '"deny(429)"', '"allow"'),
  mistake(
    'what no rule allows gets in',
    'modules/edge/armor.tf',
    'priority    = 2147483647\n    action      = "deny(403)"',
    'priority    = 2147483647\n    action      = "allow"',
  ),
  mistake(
    'SQL is taken for an attack',
    'modules/edge/armor.tf',
    'gateway = [',
    'gateway = ["sqli-v33-stable", ',
  ),
  mistake(
    'somebody gets in from elsewhere',
    'modules/edge/armor.tf',
    '["*"] : var.allowed_ranges',
    '["*"] : ["*"]',
  ),
  mistake(
    'slack is reached elsewhere than where it calls',
    'modules/edge/main.tf',
    '"/slack/interactivity"',
    '"/slack/*"',
  ),
]

const guard: readonly Mistake[] = [
  mistake(
    'somebody is not denied',
    'modules/guard/main.tf',
    'principalSet://goog/public:all',
    'principalSet://goog/group/interns@acme.example',
  ),
  mistake(
    'people can get a token of the credential',
    'modules/guard/main.tf',
    '"iam.googleapis.com/serviceAccounts.getAccessToken",',
    '',
  ),
  mistake(
    'somebody can make a key of the credential',
    'modules/guard/main.tf',
    'exception_principals = []',
    'exception_principals = var.deployers',
  ),
  mistake(
    'somebody is excepted who runs no queries',
    'modules/guard/main.tf',
    'in ["gateway", ',
    'in ["gateway", "retainer", ',
  ),
  mistake(
    'people can write to the record',
    'modules/guard/main.tf',
    '"datastore.googleapis.com/entities.update",',
    '',
  ),
]

const perimeter: readonly Mistake[] = [
  mistake(
    'it holds before anybody asked for it',
    'modules/perimeter/main.tf',
    '!var.enforced',
    'false',
  ),
  mistake(
    'a project is outside',
    'modules/perimeter/main.tf',
    'for number in var.project_numbers : ',
    'for number in slice(tolist(var.project_numbers), 1, 2) : ',
  ),
  mistake(
    'data leaves through a service that is not restricted',
    'modules/perimeter/main.tf',
    '"bigquery.googleapis.com",',
    '',
  ),
]

/** Many mistakes at once, each found in words of its own, by one run of the module's tests. */
export const groupedMistakes = [
  { name: 'the module', folder: '.', tests: 'promises.tftest.hcl', mistakes: promises },
  { name: 'the module again', folder: '.', tests: 'promises.tftest.hcl', mistakes: more },
  {
    name: 'modules/dashboard',
    folder: 'modules/dashboard',
    tests: 'dashboard.tftest.hcl',
    mistakes: dashboard,
  },
  { name: 'modules/edge', folder: 'modules/edge', tests: 'edge.tftest.hcl', mistakes: edge },
  { name: 'modules/guard', folder: 'modules/guard', tests: 'guard.tftest.hcl', mistakes: guard },
  {
    name: 'modules/perimeter',
    folder: 'modules/perimeter',
    tests: 'perimeter.tftest.hcl',
    mistakes: perimeter,
  },
]

/** Mistakes that Google's schema finds, and nothing after them. */
export const lonelyMistakes = [
  {
    name: 'a property that does not exist',
    ...mistake('Unsupported argument', 'functions.tf', 'available_memory ', 'availble_memory '),
  },
]
