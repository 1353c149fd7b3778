# BigQuery's own word on which jobs ran, where nobody who runs Sluice can change it.
locals {
  cloud_audit_logs_table = var.cloud_audit_logs ? "${var.project_id}.${google_bigquery_dataset.audit[0].dataset_id}.cloudaudit_googleapis_com_data_access" : ""
}

resource "google_bigquery_dataset" "audit" {
  count = var.cloud_audit_logs ? 1 : 0

  project       = var.project_id
  dataset_id    = "${replace(var.name, "-", "_")}_cloud_audit_logs"
  location      = var.region
  friendly_name = "BigQuery's data access logs"

  delete_contents_on_destroy = false

  depends_on = [google_project_service.needed]
}

resource "google_logging_project_sink" "audit" {
  count = var.cloud_audit_logs ? 1 : 0

  project                = var.project_id
  name                   = "${var.name}-bigquery-data-access"
  destination            = "bigquery.googleapis.com/projects/${var.project_id}/datasets/${google_bigquery_dataset.audit[0].dataset_id}"
  filter                 = "protoPayload.serviceName=\"bigquery.googleapis.com\" AND logName:\"cloudaudit.googleapis.com%2Fdata_access\""
  unique_writer_identity = true

  bigquery_options {
    use_partitioned_tables = true
  }
}

resource "google_bigquery_dataset_iam_member" "audit_writer" {
  count = var.cloud_audit_logs ? 1 : 0

  project    = var.project_id
  dataset_id = google_bigquery_dataset.audit[0].dataset_id
  role       = "roles/bigquery.dataEditor"
  member     = google_logging_project_sink.audit[0].writer_identity
}

resource "google_bigquery_dataset_iam_member" "audit_reader" {
  for_each = var.cloud_audit_logs ? var.connections : []

  project    = var.project_id
  dataset_id = google_bigquery_dataset.audit[0].dataset_id
  role       = "roles/bigquery.dataViewer"
  member     = "serviceAccount:${each.value}"
}
