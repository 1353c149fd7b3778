locals {
  role_prefix = replace(var.name, "-", "_")

  # Entries are created and read. Neither can anybody change one; the retainer alone deletes, what it says on the record first.
  read_entries = [
    "datastore.databases.get",
    "datastore.databases.getMetadata",
    "datastore.entities.get",
    "datastore.entities.list",
  ]
}

resource "google_project_iam_custom_role" "entry_writer" {
  project     = var.project_id
  role_id     = "${local.role_prefix}_entry_writer"
  title       = "Sluice entry writer"
  description = "Creates entries and reads them; cannot update or delete one."
  permissions = concat(local.read_entries, ["datastore.entities.create"])
}

resource "google_project_iam_custom_role" "entry_retainer" {
  project     = var.project_id
  role_id     = "${local.role_prefix}_entry_retainer"
  title       = "Sluice entry retainer"
  description = "Creates and reads entries, and deletes those that policy keeps no longer; cannot update one."
  permissions = concat(local.read_entries, ["datastore.entities.create", "datastore.entities.delete"])
}

resource "google_project_iam_custom_role" "operator" {
  project     = var.project_id
  role_id     = "${local.role_prefix}_operator"
  title       = "Sluice operator"
  description = "Reads and writes what changes: jobs, approvals, usage."
  permissions = concat(local.read_entries, ["datastore.entities.create", "datastore.entities.update"])
}

resource "google_project_iam_custom_role" "index_keeper" {
  project     = var.project_id
  role_id     = "${local.role_prefix}_index_keeper"
  title       = "Sluice index keeper"
  description = "As the operator; also deletes from the search index what the record no longer has."
  permissions = concat(local.read_entries, ["datastore.entities.create", "datastore.entities.update", "datastore.entities.delete"])
}

resource "google_project_iam_member" "entries" {
  for_each = local.deployed

  project = var.project_id
  role    = each.key == "retainer" ? local.role_of["entry_retainer"] : local.role_of["entry_writer"]
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
  role    = contains(["retainer"], each.key) ? local.role_of["index_keeper"] : local.role_of["operator"]
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

resource "google_project_iam_member" "telemetry" {
  for_each = merge([for name in keys(local.deployed) : { for role in ["roles/cloudtrace.agent", "roles/monitoring.metricWriter"] : "${name}/${role}" => { name = name, role = role } }]...)

  project = var.project_id
  role    = each.value.role
  member  = google_service_account.function[each.value.name].member
}

locals {
  # Written out, so that a plan can be checked before there is a role.
  role_of = { for name, role in {
    entry_writer   = google_project_iam_custom_role.entry_writer
    entry_retainer = google_project_iam_custom_role.entry_retainer
    operator       = google_project_iam_custom_role.operator
    index_keeper   = google_project_iam_custom_role.index_keeper
    log_publisher  = google_project_iam_custom_role.log_publisher
  } : name => "projects/${var.project_id}/roles/${role.role_id}" }
}
