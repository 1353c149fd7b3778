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

resource "google_project_iam_custom_role" "log_publisher" {
  project     = var.project_id
  role_id     = "${replace(var.name, "-", "_")}_log_publisher"
  title       = "Sluice log publisher"
  description = "Publishes the log: creates objects, replaces what is not locked, deletes what was staged."
  permissions = [
    "storage.objects.create",
    "storage.objects.delete",
    "storage.objects.get",
    "storage.objects.list",
    "storage.objects.setRetention",
  ]
}

resource "google_storage_bucket_iam_member" "log_publisher" {
  bucket = google_storage_bucket.log.name
  role   = local.role_of["log_publisher"]
  member = google_service_account.function["log-publisher"].member
}

resource "google_storage_bucket_iam_member" "log_reader" {
  bucket = google_storage_bucket.log.name
  role   = "roles/storage.objectViewer"
  member = google_service_account.function["console"].member
}
