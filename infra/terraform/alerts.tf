locals {
  # Each names the section of the runbook that says what to do; a test looks for it there.
  alerts = {
    errors = {
      title   = "Sluice reports errors"
      section = "Errors"
      says    = "`gcloud logging read` with severity>=ERROR shows them."
      filter  = "resource.type=\"cloud_run_revision\" AND metric.type=\"logging.googleapis.com/user/${google_logging_metric.count["errors"].name}\""
      aligner = "ALIGN_SUM"
      seconds = 300
      over    = 0
    }
    bypass = {
      title   = "BigQuery ran what is not on the record"
      section = "Bypass found"
      says    = "Somebody used the credential past Sluice, or an entry is missing: `sluice reconcile` names the jobs."
      filter  = "resource.type=\"cloud_run_revision\" AND metric.type=\"logging.googleapis.com/user/${google_logging_metric.count["bypass"].name}\""
      aligner = "ALIGN_SUM"
      seconds = 60
      over    = 0
    }
    unsealed = {
      title   = "The record cannot be sealed"
      section = "Unsealed record"
      says    = "Entries are durable, and not in the log. The publisher's log has the reason."
      filter  = "resource.type=\"cloud_run_revision\" AND metric.type=\"logging.googleapis.com/user/${google_logging_metric.count["unsealed"].name}\""
      aligner = "ALIGN_SUM"
      seconds = 300
      over    = 0
    }
    unsealed_age = {
      title   = "Entries waited longer for their seal than receipts promise"
      section = "Unsealed record"
      says    = "A receipt promises that an entry is in the log within 300 s."
      filter  = "resource.type=\"cloud_run_revision\" AND metric.type=\"logging.googleapis.com/user/${google_logging_metric.distribution["unsealed_age"].name}\""
      aligner = "ALIGN_PERCENTILE_99"
      seconds = 300
      over    = 300
    }
    foreign_entry = {
      title   = "The record holds what Sluice did not write"
      section = "Foreign entry"
      says    = "Somebody wrote to the store past Sluice. Preserve it, and verify an export."
      filter  = "resource.type=\"cloud_run_revision\" AND metric.type=\"logging.googleapis.com/user/${google_logging_metric.count["foreign_entry"].name}\""
      aligner = "ALIGN_SUM"
      seconds = 60
      over    = 0
    }
    latency = {
      title   = "Queries are slow"
      section = "Latency"
      says    = "One permitted query in twenty took longer than ${var.slow_call_ms} ms, BigQuery's own time among them."
      filter  = "resource.type=\"cloud_run_revision\" AND metric.type=\"logging.googleapis.com/user/${google_logging_metric.distribution["latency"].name}\" AND metric.labels.operation=\"jobs.query\""
      aligner = "ALIGN_PERCENTILE_95"
      seconds = 900
      over    = var.slow_call_ms
    }
    dead_letters = {
      title   = "Messages about approvals could not be delivered"
      section = "Dead letters"
      says    = "The function they were for failed twenty times: its log has the reason, and the record has the message."
      filter  = "resource.type=\"pubsub_subscription\" AND resource.labels.subscription_id=monitoring.regex.full_match(\"approval-(requests|decisions)\") AND metric.type=\"pubsub.googleapis.com/subscription/dead_letter_message_count\""
      aligner = "ALIGN_SUM"
      seconds = 300
      over    = 0
    }
  }

  runbook = { for section in distinct(concat([for alert in values(local.alerts) : alert.section], [local.stopped.section])) : section => "Runbook: [${section}](${var.runbook}#${lower(replace(section, " ", "-"))})" }

  stopped = { title = "The log has not been published for ten minutes", section = "Unsealed record" }
}

resource "google_monitoring_alert_policy" "threshold" {
  for_each = local.alerts

  project      = var.project_id
  display_name = each.value.title
  combiner     = "OR"

  conditions {
    display_name = each.value.title

    condition_threshold {
      filter          = each.value.filter
      comparison      = "COMPARISON_GT"
      threshold_value = each.value.over
      duration        = "0s"

      aggregations {
        alignment_period     = "${each.value.seconds}s"
        per_series_aligner   = each.value.aligner
        cross_series_reducer = each.value.aligner == "ALIGN_SUM" ? "REDUCE_SUM" : "REDUCE_MAX"
      }

      trigger {
        count = 1
      }
    }
  }

  documentation {
    content   = "${each.value.says}\n\n${local.runbook[each.value.section]}"
    mime_type = "text/markdown"
  }

  notification_channels = [for channel in google_monitoring_notification_channel.email : channel.id]
}

# No good run for ten minutes: the schedule, the publisher or the store has stopped.
resource "google_monitoring_alert_policy" "stopped" {
  project      = var.project_id
  display_name = local.stopped.title
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

  documentation {
    content   = "The schedule, the publisher or the store has stopped: nothing is sealed.\n\n${local.runbook[local.stopped.section]}"
    mime_type = "text/markdown"
  }

  notification_channels = [for channel in google_monitoring_notification_channel.email : channel.id]
}
