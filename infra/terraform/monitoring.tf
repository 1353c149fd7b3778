locals {
  names = join(" OR ", [for name in keys(local.deployed) : "\"${var.name}-${name}\""])

  # Of the words that Sluice writes to its log. Counters, without labels that a caller could fill.
  log_metrics = {
    denials       = { description = "Calls that were refused", filter = "jsonPayload.message=\"refused\"" }
    held          = { description = "Calls that wait for people", filter = "jsonPayload.message=\"held\"" }
    errors        = { description = "What somebody has to look at", filter = "severity>=ERROR" }
    bypass        = { description = "Jobs that are not on the record", filter = "jsonPayload.message=\"a job is not on the record\"" }
    unsealed      = { description = "The record could not be sealed", filter = "jsonPayload.message=\"the record could not be sealed\"" }
    foreign_entry = { description = "The store holds what nobody here wrote", filter = "jsonPayload.message=\"the store holds what nobody here wrote\"" }
  }

  alerts = {
    errors        = { title = "Sluice reports errors", seconds = 300, says = "`gcloud logging read` with severity>=ERROR shows them. The runbook begins with what each means." }
    bypass        = { title = "BigQuery ran what is not on the record", seconds = 60, says = "Somebody used the credential past Sluice, or an entry is missing: `sluice reconcile` names the jobs." }
    unsealed      = { title = "The record cannot be sealed", seconds = 300, says = "Entries are durable, and not in the log. The publisher's log has the reason." }
    foreign_entry = { title = "The record holds what Sluice did not write", seconds = 60, says = "Somebody wrote to the store past Sluice. Preserve it, and verify an export." }
  }
}

resource "google_logging_metric" "sluice" {
  for_each = local.log_metrics

  project     = var.project_id
  name        = "${var.name}/${each.key}"
  description = each.value.description
  filter      = "resource.type=\"cloud_run_revision\" resource.labels.service_name=(${local.names}) ${each.value.filter}"

  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = "INT64"
    unit        = "1"
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

resource "google_monitoring_alert_policy" "logged" {
  for_each = local.alerts

  project      = var.project_id
  display_name = each.value.title
  combiner     = "OR"

  conditions {
    display_name = each.value.title

    condition_threshold {
      filter          = "resource.type=\"cloud_run_revision\" AND metric.type=\"logging.googleapis.com/user/${google_logging_metric.sluice[each.key].name}\""
      comparison      = "COMPARISON_GT"
      threshold_value = 0
      duration        = "0s"

      aggregations {
        alignment_period     = "${each.value.seconds}s"
        per_series_aligner   = "ALIGN_SUM"
        cross_series_reducer = "REDUCE_SUM"
      }

      trigger {
        count = 1
      }
    }
  }

  documentation {
    content   = each.value.says
    mime_type = "text/markdown"
  }

  notification_channels = [for channel in google_monitoring_notification_channel.email : channel.id]
}

# No batch for ten minutes: the schedule, the publisher or the store has stopped.
resource "google_monitoring_alert_policy" "unsealed_age" {
  project      = var.project_id
  display_name = "The log has not been published for ten minutes"
  combiner     = "OR"

  conditions {
    display_name = "no successful run of the publisher"

    condition_absent {
      filter   = "resource.type=\"cloud_run_revision\" AND resource.labels.service_name=\"${var.name}-log-publisher\" AND metric.type=\"run.googleapis.com/request_count\" AND metric.labels.response_code_class=\"2xx\""
      duration = "600s"

      aggregations {
        alignment_period     = "60s"
        per_series_aligner   = "ALIGN_SUM"
        cross_series_reducer = "REDUCE_SUM"
      }
    }
  }

  notification_channels = [for channel in google_monitoring_notification_channel.email : channel.id]
}
