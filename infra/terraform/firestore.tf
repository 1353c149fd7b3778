# Entries apart from everything else, so that leave to write one is no leave to touch the other.
resource "google_firestore_database" "entries" {
  project                           = var.project_id
  name                              = "${var.name}-entries"
  location_id                       = local.firestore_location
  type                              = "FIRESTORE_NATIVE"
  concurrency_mode                  = "OPTIMISTIC"
  app_engine_integration_mode       = "DISABLED"
  point_in_time_recovery_enablement = "POINT_IN_TIME_RECOVERY_ENABLED"
  delete_protection_state           = var.protect ? "DELETE_PROTECTION_ENABLED" : "DELETE_PROTECTION_DISABLED"
  deletion_policy                   = var.protect ? "ABANDON" : "DELETE"

  dynamic "cmek_config" {
    for_each = var.kms_key == null ? [] : [var.kms_key]
    content {
      kms_key_name = cmek_config.value
    }
  }

  depends_on = [google_project_service.needed]
}

# Jobs, approvals, usage, the search index: what changes.
resource "google_firestore_database" "operations" {
  project                           = var.project_id
  name                              = "${var.name}-operations"
  location_id                       = local.firestore_location
  type                              = "FIRESTORE_NATIVE"
  concurrency_mode                  = "OPTIMISTIC"
  app_engine_integration_mode       = "DISABLED"
  point_in_time_recovery_enablement = "POINT_IN_TIME_RECOVERY_ENABLED"
  delete_protection_state           = var.protect ? "DELETE_PROTECTION_ENABLED" : "DELETE_PROTECTION_DISABLED"
  deletion_policy                   = var.protect ? "ABANDON" : "DELETE"

  dynamic "cmek_config" {
    for_each = var.kms_key == null ? [] : [var.kms_key]
    content {
      kms_key_name = cmek_config.value
    }
  }

  depends_on = [google_project_service.needed]
}

resource "google_firestore_backup_schedule" "daily" {
  for_each = { entries = google_firestore_database.entries.name, operations = google_firestore_database.operations.name }

  project   = var.project_id
  database  = each.value
  retention = "${var.backup_days * 86400}s"

  daily_recurrence {}
}

locals {
  # Written by infra/build/firestore-indexes.ts from the list that the code takes its queries from.
  firestore = jsondecode(file("${path.module}/firestore-indexes.json"))

  databases = {
    entries    = google_firestore_database.entries.name
    operations = google_firestore_database.operations.name
  }
}

resource "google_firestore_index" "query" {
  for_each = { for index in local.firestore.indexes : "${index.database}/${index.collection}/${join(",", [for field in index.fields : field.fieldPath])}/${try(index.fields[1].order, "")}" => index }

  project     = var.project_id
  database    = local.databases[each.value.database]
  collection  = each.value.collection
  query_scope = "COLLECTION"

  dynamic "fields" {
    for_each = each.value.fields
    content {
      field_path   = fields.value.fieldPath
      order        = try(fields.value.order, null)
      array_config = try(fields.value.arrayConfig, null)
    }
  }
}

# No query sorts by them alone, and each index entry would be one more write.
resource "google_firestore_field" "exempt" {
  for_each = { for field in local.firestore.exempt : "${field.database}/${field.collection}/${field.fieldPath}" => field }

  project    = var.project_id
  database   = local.databases[each.value.database]
  collection = each.value.collection
  field      = each.value.fieldPath

  index_config {}

  dynamic "ttl_config" {
    for_each = each.value.ttl ? [true] : []
    content {}
  }
}
