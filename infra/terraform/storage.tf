resource "google_storage_bucket" "source" {
  project                     = var.project_id
  name                        = "${var.project_id}-${var.name}-source"
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  force_destroy               = !var.protect

  dynamic "encryption" {
    for_each = var.kms_key == null ? [] : [var.kms_key]
    content {
      default_kms_key_name = encryption.value
    }
  }

  depends_on = [google_project_service.needed]
}

# Object retention, not a retention policy on the bucket: `checkpoint` must change every minute.
resource "google_storage_bucket" "log" {
  project                     = var.project_id
  name                        = "${var.project_id}-${var.name}-log"
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  enable_object_retention     = true
  force_destroy               = false

  versioning {
    enabled = true
  }

  soft_delete_policy {
    retention_duration_seconds = 2592000
  }

  # What was staged is published within minutes, or is left over.
  lifecycle_rule {
    action {
      type = "Delete"
    }
    condition {
      age            = 7
      matches_prefix = ["staging/"]
    }
  }

  # Former checkpoints: a month of them shows a log that was taken back.
  lifecycle_rule {
    action {
      type = "Delete"
    }
    condition {
      days_since_noncurrent_time = 30
      matches_prefix             = ["checkpoint"]
    }
  }

  dynamic "encryption" {
    for_each = var.kms_key == null ? [] : [var.kms_key]
    content {
      default_kms_key_name = encryption.value
    }
  }

  depends_on = [google_project_service.needed]
}

# Without `list`, Cloud Storage says of what is not there that it is forbidden.
resource "google_project_iam_custom_role" "log_publisher" {
  project     = var.project_id
  role_id     = "${local.role_prefix}_log_publisher"
  title       = "Sluice log publisher"
  description = "Publishes the log: creates objects, locks and reads them; cannot replace or delete one."
  permissions = [
    "storage.objects.create",
    "storage.objects.get",
    "storage.objects.list",
    "storage.objects.setRetention",
  ]
}

resource "google_project_iam_custom_role" "log_remover" {
  project     = var.project_id
  role_id     = "${local.role_prefix}_log_remover"
  title       = "Sluice log remover"
  description = "Replaces or deletes objects, where a condition says which."
  permissions = ["storage.objects.delete"]
}

resource "google_storage_bucket_iam_member" "log_publisher" {
  bucket = google_storage_bucket.log.name
  role   = local.role_of["log_publisher"]
  member = google_service_account.function["log-publisher"].member
}

locals {
  log_objects = "projects/_/buckets/${google_storage_bucket.log.name}/objects"

  # To replace an object is to delete it. Nobody deletes a tile, a manifest or a former checkpoint, locked or not.
  log_removers = {
    log-publisher = "resource.name == \"${local.log_objects}/checkpoint\" || resource.name.startsWith(\"${local.log_objects}/staging/\")"
    retainer      = "resource.name.startsWith(\"${local.log_objects}/archive/\")"
  }
}

resource "google_storage_bucket_iam_member" "log_remover" {
  for_each = local.log_removers

  bucket = google_storage_bucket.log.name
  role   = local.role_of["log_remover"]
  member = google_service_account.function[each.key].member

  condition {
    title       = "${each.key} only"
    description = "What this function replaces or deletes, and no other object."
    expression  = each.value
  }
}

resource "google_storage_bucket_iam_member" "log_reader" {
  for_each = toset(["console", "retainer"])

  bucket = google_storage_bucket.log.name
  role   = "roles/storage.objectViewer"
  member = google_service_account.function[each.key].member
}
