locals {
  names = join(" OR ", [for name in keys(local.deployed) : "\"${var.name}-${name}\""])

  # Of the words that Sluice writes to its log; a test holds them against the sources. No label is one that a caller could fill.
  log_counts = {
    calls         = { description = "Calls that were answered", filter = "jsonPayload.message=\"call answered\"" }
    denials       = { description = "Calls that policy denied", filter = "jsonPayload.message=\"call answered\" jsonPayload.decision=\"deny\"" }
    held          = { description = "Calls that wait for people", filter = "jsonPayload.message=\"call answered\" jsonPayload.decision=\"require-approval\"" }
    strangers     = { description = "Calls without a token that holds", filter = "jsonPayload.message=\"call answered\" jsonPayload.status=401" }
    errors        = { description = "What somebody has to look at", filter = "severity>=ERROR" }
    bypass        = { description = "Jobs that are not on the record, or are not what it says", filter = "jsonPayload.message=\"bigquery and the record do not agree\"" }
    unsealed      = { description = "The record could not be sealed", filter = "jsonPayload.message=\"the record could not be sealed\"" }
    foreign_entry = { description = "The store holds what nobody here wrote", filter = "(jsonPayload.message=\"the store holds what nobody here wrote\" OR jsonPayload.message=\"the store holds another manifest\" OR jsonPayload.message=\"the store holds what is no entry\")" }
  }

  log_distributions = {
    latency      = { description = "How long a permitted call took", filter = "jsonPayload.message=\"call answered\" jsonPayload.decision=\"permit\"", value = "jsonPayload.milliseconds", unit = "ms", labels = { operation = "The method, as jobs.query" } }
    unsealed_age = { description = "How long the oldest entry of a batch had waited to be sealed", filter = "jsonPayload.message=\"the record is sealed\"", value = "jsonPayload.oldestSeconds", unit = "s", labels = {} }
  }

  logged = "resource.type=\"cloud_run_revision\" resource.labels.service_name=(${local.names})"
}

resource "google_logging_metric" "count" {
  for_each = local.log_counts

  project     = var.project_id
  name        = "${var.name}/${each.key}"
  description = each.value.description
  filter      = "${local.logged} ${each.value.filter}"

  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = "INT64"
    unit        = "1"
  }

  depends_on = [google_project_service.needed]
}

resource "google_logging_metric" "distribution" {
  for_each = local.log_distributions

  project          = var.project_id
  name             = "${var.name}/${each.key}"
  description      = each.value.description
  filter           = "${local.logged} ${each.value.filter}"
  value_extractor  = "EXTRACT(${each.value.value})"
  label_extractors = { for label in keys(each.value.labels) : label => "EXTRACT(jsonPayload.${label})" }

  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = "DISTRIBUTION"
    unit        = each.value.unit

    dynamic "labels" {
      for_each = each.value.labels
      content {
        key         = labels.key
        value_type  = "STRING"
        description = labels.value
      }
    }
  }

  bucket_options {
    exponential_buckets {
      num_finite_buckets = 40
      growth_factor      = 1.5
      scale              = 1
    }
  }

  depends_on = [google_project_service.needed]
}

resource "google_monitoring_notification_channel" "email" {
  for_each = var.alert_emails

  project      = var.project_id
  display_name = "Sluice: ${each.value}"
  type         = "email"
  labels       = { email_address = each.value }
}
