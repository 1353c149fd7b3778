locals {
  role_prefix = replace(var.name, "-", "_")

  # Nobody changes an entry, and the retainer alone deletes one, what it says on the record first. Who answers calls looks an
  # entry up by its id and lists none: what it has not written itself it cannot find.
  look_up     = ["datastore.databases.get", "datastore.databases.getMetadata", "datastore.entities.get"]
  read_listed = concat(local.look_up, ["datastore.entities.list"])

  # Slack's function only publishes votes: it has no place in the record.
  entry_roles = {
    gateway           = "entry_creator"
    approval-notifier = "entry_creator"
    approval-resolver = "entry_creator"
    sweeper           = "entry_writer"
    log-publisher     = "entry_writer"
    reconciler        = "entry_writer"
    console           = "entry_writer"
    retainer          = "entry_retainer"
  }
}

resource "google_project_iam_custom_role" "entry_creator" {
  project     = var.project_id
  role_id     = "${local.role_prefix}_entry_creator"
  title       = "Sluice entry creator"
  description = "Creates entries and reads one whose id it knows; cannot list, update or delete."
  permissions = concat(local.look_up, ["datastore.entities.create"])
}

resource "google_project_iam_custom_role" "entry_writer" {
  project     = var.project_id
  role_id     = "${local.role_prefix}_entry_writer"
  title       = "Sluice entry writer"
  description = "Creates entries and reads them; cannot update or delete one."
  permissions = concat(local.read_listed, ["datastore.entities.create"])
}

resource "google_project_iam_custom_role" "entry_retainer" {
  project     = var.project_id
  role_id     = "${local.role_prefix}_entry_retainer"
  title       = "Sluice entry retainer"
  description = "Creates and reads entries, and deletes those that policy keeps no longer; cannot update one."
  permissions = concat(local.read_listed, ["datastore.entities.create", "datastore.entities.delete"])
}

resource "google_project_iam_custom_role" "operator" {
  project     = var.project_id
  role_id     = "${local.role_prefix}_operator"
  title       = "Sluice operator"
  description = "Reads and writes what changes: jobs, approvals, usage."
  permissions = concat(local.read_listed, ["datastore.entities.create", "datastore.entities.update"])
}

resource "google_project_iam_custom_role" "index_keeper" {
  project     = var.project_id
  role_id     = "${local.role_prefix}_index_keeper"
  title       = "Sluice index keeper"
  description = "As the operator; also deletes from the search index what the record no longer has."
  permissions = concat(local.read_listed, ["datastore.entities.create", "datastore.entities.update", "datastore.entities.delete"])
}

resource "google_project_iam_member" "entries" {
  for_each = local.entry_roles

  project = var.project_id
  role    = local.role_of[each.value]
  member  = google_service_account.function[each.key].member

  condition {
    title       = "entries only"
    description = "The database of the record, and no other."
    expression  = "resource.name == \"projects/${var.project_id}/databases/${google_firestore_database.entries.name}\""
  }
}

resource "google_project_iam_member" "operations" {
  for_each = local.deployed

  project = var.project_id
  role    = each.key == "retainer" ? local.role_of["index_keeper"] : local.role_of["operator"]
  member  = google_service_account.function[each.key].member

  condition {
    title       = "operations only"
    description = "The database of what changes, and no other."
    expression  = "resource.name == \"projects/${var.project_id}/databases/${google_firestore_database.operations.name}\""
  }
}

locals {
  # Who acts as a connection's account: whoever runs, stops, looks up or compares jobs. `console` runs calls again in sandboxes.
  queriers = ["gateway", "approval-resolver", "sweeper", "reconciler", "console"]
}

resource "google_service_account_iam_member" "connection" {
  for_each = merge([for account in var.connections : { for name in local.queriers : "${account}/${name}" => { account = account, name = name } }]...)

  service_account_id = "projects/-/serviceAccounts/${each.value.account}"
  role               = "roles/iam.serviceAccountTokenCreator"
  member             = google_service_account.function[each.value.name].member
}

locals {
  # Only Google's endpoint asks who sends.
  telemetry_roles = var.telemetry && endswith(var.telemetry_endpoint, ".googleapis.com") ? ["roles/telemetry.tracesWriter", "roles/monitoring.metricWriter"] : []
}

resource "google_project_iam_member" "telemetry" {
  for_each = merge([for name in keys(local.deployed) : { for role in local.telemetry_roles : "${name}/${role}" => { name = name, role = role } }]...)

  project = var.project_id
  role    = each.value.role
  member  = google_service_account.function[each.value.name].member
}

locals {
  # Written out, so that a plan can be checked before there is a role.
  role_of = { for name, role in {
    entry_creator  = google_project_iam_custom_role.entry_creator
    entry_writer   = google_project_iam_custom_role.entry_writer
    entry_retainer = google_project_iam_custom_role.entry_retainer
    operator       = google_project_iam_custom_role.operator
    index_keeper   = google_project_iam_custom_role.index_keeper
    log_publisher  = google_project_iam_custom_role.log_publisher
    log_remover    = google_project_iam_custom_role.log_remover
  } : name => "projects/${var.project_id}/roles/${role.role_id}" }
}
