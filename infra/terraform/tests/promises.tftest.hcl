# What SECURITY.md promises of a deployment, held against the plan.
mock_provider "google" {
  override_during = plan

  mock_data "google_project" {
    defaults = {
      number = "123456789012"
    }
  }
}

variables {
  project_id       = "acme-sluice"
  region           = "europe-west3"
  log_origin       = "sluice.acme.example/log"
  policy           = "../policy/example.yaml"
  artifacts        = "tests/artifacts"
  connections      = ["hospital@acme.iam.gserviceaccount.com"]
  public_functions = ["gateway", "console"]
}

run "minimal" {
  command = plan

  assert {
    condition = alltrue([
      for grant in concat(values(google_project_iam_member.entries), values(google_project_iam_member.operations), values(google_project_iam_member.telemetry), values(google_project_iam_member.build)) :
      !contains(["roles/owner", "roles/editor", "roles/viewer"], coalesce(grant.role, "custom"))
    ])
    error_message = "a primitive role is granted"
  }

  assert {
    condition     = toset(keys(google_cloud_run_v2_service_iam_member.public)) == toset(["gateway", "console"])
    error_message = "something is public that no variable names"
  }

  assert {
    condition     = alltrue([for name, each in google_cloudfunctions2_function.function : contains(["gateway", "console"], name) || each.service_config[0].ingress_settings == "ALLOW_INTERNAL_ONLY"])
    error_message = "a function that is not public can be reached from outside"
  }

  assert {
    condition     = alltrue([for each in google_cloudfunctions2_function.function : each.build_config[0].runtime == "nodejs24"])
    error_message = "not the runtime that is tested"
  }

  assert {
    condition     = length(distinct([for each in google_service_account.function : each.account_id])) == length(google_cloudfunctions2_function.function)
    error_message = "two functions share an account"
  }

  assert {
    condition     = alltrue([for each in google_service_account.function : length(each.account_id) <= 30])
    error_message = "the name of an account is too long"
  }

  assert {
    condition     = length(setintersection(google_project_iam_custom_role.entry_creator.permissions, ["datastore.entities.update", "datastore.entities.delete", "datastore.entities.list", "datastore.entities.allocateIds"])) == 0
    error_message = "the gateway can list, change or delete entries"
  }

  assert {
    condition     = length(setintersection(google_project_iam_custom_role.entry_writer.permissions, ["datastore.entities.update", "datastore.entities.delete", "datastore.entities.allocateIds"])) == 0
    error_message = "who writes entries can change or delete them"
  }

  assert {
    condition     = !contains(google_project_iam_custom_role.entry_retainer.permissions, "datastore.entities.update")
    error_message = "the retainer can change entries"
  }

  assert {
    condition     = google_project_iam_member.entries["gateway"].role == "projects/acme-sluice/roles/sluice_entry_creator"
    error_message = "the gateway has another role than that of who creates entries"
  }

  assert {
    condition     = [for name, grant in google_project_iam_member.entries : name if grant.role == "projects/acme-sluice/roles/sluice_entry_retainer"] == ["retainer"]
    error_message = "somebody besides the retainer deletes entries"
  }

  assert {
    condition     = [for name, grant in google_project_iam_member.operations : name if grant.role == "projects/acme-sluice/roles/sluice_index_keeper"] == ["retainer"]
    error_message = "somebody besides the retainer deletes what changes"
  }

  assert {
    condition     = alltrue([for grant in values(google_project_iam_member.entries) : strcontains(grant.condition[0].expression, "/databases/sluice-entries\"")])
    error_message = "leave to write entries is leave for other databases"
  }

  assert {
    condition     = alltrue([for grant in values(google_project_iam_member.operations) : strcontains(grant.condition[0].expression, "/databases/sluice-operations\"")])
    error_message = "leave for operations reaches the record"
  }

  assert {
    condition     = toset([for grant in values(google_service_account_iam_member.connection) : grant.role]) == toset(["roles/iam.serviceAccountTokenCreator"])
    error_message = "a connection's account is given otherwise than by impersonation"
  }

  assert {
    condition     = toset(keys(google_secret_manager_secret_iam_member.signing_key)) == toset(["gateway", "console"])
    error_message = "somebody can sign tokens who gives none"
  }

  assert {
    condition     = toset([for name, each in google_cloudfunctions2_function.function : name if contains(keys(each.service_config[0].environment_variables), "SLUICE_SIGNING_KEY")]) == toset(["gateway", "console"])
    error_message = "who is told of the signing key is not who may read it"
  }

  assert {
    condition     = toset(keys(google_kms_crypto_key_iam_member.session_secrets)) == toset(["gateway", "console"])
    error_message = "somebody opens private facts who shows none"
  }

  assert {
    condition     = toset([for key in keys(google_service_account_iam_member.connection) : split("/", key)[1]]) == toset(["gateway", "approval-resolver", "sweeper", "reconciler", "console"])
    error_message = "somebody can run queries who should not"
  }

  assert {
    condition     = toset(keys(google_pubsub_topic.dead_letter)) == toset(keys(google_pubsub_topic.approvals))
    error_message = "a topic has no dead letter"
  }

  assert {
    condition     = alltrue([for each in google_pubsub_subscription.push : each.dead_letter_policy[0].max_delivery_attempts == 20 && length(each.push_config[0].oidc_token) == 1])
    error_message = "a subscription pushes without a token, or without a dead letter"
  }

  assert {
    condition     = alltrue([for each in google_cloud_scheduler_job.function : length(each.http_target[0].oidc_token) == 1])
    error_message = "a schedule calls without a token"
  }

  assert {
    condition     = length(google_firestore_index.query) == length(jsondecode(file("./firestore-indexes.json")).indexes)
    error_message = "an index of the list is missing"
  }

  assert {
    condition     = length(google_firestore_field.exempt) == length(jsondecode(file("./firestore-indexes.json")).exempt)
    error_message = "an exemption of the list is missing"
  }

  assert {
    condition     = toset([for key, field in google_firestore_field.exempt : key if length(field.ttl_config) == 1]) == toset([for each in jsondecode(file("./firestore-indexes.json")).exempt : "${each.database}/${each.collection}/${each.fieldPath}" if each.ttl])
    error_message = "something that ends has no time to live, or something lasting has one"
  }

  assert {
    condition     = google_firestore_database.entries.point_in_time_recovery_enablement == "POINT_IN_TIME_RECOVERY_ENABLED" && google_firestore_database.entries.delete_protection_state == "DELETE_PROTECTION_ENABLED"
    error_message = "the record can be deleted, or not be restored"
  }

  assert {
    condition     = google_storage_bucket.log.public_access_prevention == "enforced" && google_storage_bucket.log.enable_object_retention && google_storage_bucket.log.uniform_bucket_level_access
    error_message = "the log's bucket is not what it should be"
  }

  assert {
    condition     = toset([for each in values(google_kms_crypto_key_iam_member.log) : each.role]) == toset(["roles/cloudkms.signerVerifier"]) && length(google_kms_crypto_key_iam_member.log) == 2
    error_message = "somebody besides the publisher signs checkpoints"
  }

  assert {
    condition     = toset(google_project_iam_custom_role.log_publisher.permissions) == toset(["storage.objects.create", "storage.objects.get", "storage.objects.list", "storage.objects.setRetention"])
    error_message = "the publisher can replace what is published"
  }

  assert {
    condition     = { for name, grant in google_storage_bucket_iam_member.log_remover : name => length(regexall("/objects/(checkpoint\"|staging/|archive/)", grant.condition[0].expression)) } == { log-publisher = 2, retainer = 1 }
    error_message = "more can be deleted from the log than what is staged, the newest checkpoint and archives"
  }

  assert {
    condition     = toset(keys(google_storage_bucket_iam_member.log_reader)) == toset(["console", "retainer"])
    error_message = "somebody reads the log's bucket who need not"
  }

  assert {
    condition     = toset(concat(keys(google_logging_metric.count), keys(google_logging_metric.distribution))) == toset(["calls", "denials", "held", "strangers", "errors", "bypass", "unsealed", "foreign_entry", "latency", "unsealed_age"])
    error_message = "a metric is missing"
  }

  assert {
    condition     = toset(keys(google_monitoring_alert_policy.threshold)) == toset(["errors", "bypass", "unsealed", "unsealed_age", "foreign_entry", "latency", "dead_letters"])
    error_message = "an alert is missing"
  }

  assert {
    condition     = alltrue([for alert in concat(values(google_monitoring_alert_policy.threshold), [google_monitoring_alert_policy.stopped]) : strcontains(alert.documentation[0].content, "(docs/runbook.md#")])
    error_message = "an alert names no section of the runbook"
  }

  assert {
    condition     = length(google_project_iam_member.telemetry) == 0 && alltrue([for each in google_cloudfunctions2_function.function : !contains(keys(each.service_config[0].environment_variables), "OTEL_EXPORTER_OTLP_ENDPOINT")])
    error_message = "telemetry is sent without being asked for"
  }

  assert {
    condition     = google_kms_crypto_key.signing["log-p256"].version_template[0].protection_level == "HSM" && google_kms_crypto_key.signing["log-ed25519"].version_template[0].algorithm == "EC_SIGN_ED25519"
    error_message = "the keys of the log are not what the design says"
  }

  assert {
    condition     = output.console_url == "https://sluice-console-123456789012.europe-west3.run.app/console"
    error_message = "the console is not at the root of a host"
  }

  assert {
    condition     = !contains(keys(google_cloudfunctions2_function.function), "slack")
    error_message = "slack is deployed without being asked for"
  }
}

run "hardened" {
  command = plan

  variables {
    functions        = { gateway = { min_instances = 1, max_instances = 50 }, sweeper = { memory = "2Gi", cpu = "2", concurrency = 2, timeout_seconds = 600 } }
    telemetry        = true
    ingress          = "ALLOW_INTERNAL_AND_GCLB"
    proxy_hops       = 2
    log_lock_days    = 2190
    slack            = true
    cloud_audit_logs = true
    public_functions = ["gateway", "console", "slack"]
    alert_emails     = ["security@acme.example"]
    url              = "https://sluice.acme.example"
    console_url      = "https://console.acme.example"
    kms_key          = "projects/acme-keys/locations/europe-west3/keyRings/r/cryptoKeys/k"
  }

  assert {
    condition     = google_cloudfunctions2_function.function["log-publisher"].service_config[0].environment_variables["SLUICE_LOG_LOCK_DAYS"] == "2190"
    error_message = "what is published is not locked"
  }

  assert {
    condition     = alltrue([for name in ["gateway", "console", "slack"] : google_cloudfunctions2_function.function[name].service_config[0].ingress_settings == "ALLOW_INTERNAL_AND_GCLB"])
    error_message = "the load balancer can be gone around"
  }

  assert {
    condition     = google_firestore_database.entries.cmek_config[0].kms_key_name != "" && google_storage_bucket.log.encryption[0].default_kms_key_name != ""
    error_message = "the record is not under the customer's key"
  }

  assert {
    condition     = length(google_logging_project_sink.audit) == 1
    error_message = "BigQuery's own log is not exported"
  }

  assert {
    condition     = alltrue([for alert in concat(values(google_monitoring_alert_policy.threshold), [google_monitoring_alert_policy.stopped]) : length(alert.notification_channels) == 1])
    error_message = "an alert reaches nobody"
  }

  assert {
    condition     = toset([for key in keys(google_secret_manager_secret_iam_member.slack) : key]) == toset(["slack-token/approval-notifier", "slack-token/approval-resolver", "slack-token/slack", "slack-signing-secret/slack"])
    error_message = "others read slack's secrets than those who use them"
  }

  assert {
    condition     = [for name, each in google_cloudfunctions2_function.function : name if contains(keys(each.service_config[0].environment_variables), "SLUICE_SLACK_SIGNING_SECRET")] == ["slack"]
    error_message = "who is told of slack's signing secret is not who may read it"
  }

  assert {
    condition     = !contains(keys(google_project_iam_member.entries), "slack") && !contains(keys(google_kms_crypto_key_iam_member.writer_authority), "slack")
    error_message = "slack's function has a place in the record"
  }

  assert {
    condition     = toset([for grant in values(google_project_iam_member.telemetry) : grant.role]) == toset(["roles/telemetry.tracesWriter", "roles/monitoring.metricWriter"])
    error_message = "telemetry needs another role"
  }

  assert {
    condition     = google_cloudfunctions2_function.function["gateway"].service_config[0].environment_variables["OTEL_EXPORTER_OTLP_ENDPOINT"] == "https://telemetry.googleapis.com" && google_cloudfunctions2_function.function["gateway"].service_config[0].environment_variables["OTEL_SERVICE_NAME"] == "sluice-gateway"
    error_message = "telemetry goes nowhere"
  }

  assert {
    condition     = google_cloudfunctions2_function.function["gateway"].service_config[0].min_instance_count == 1 && google_cloudfunctions2_function.function["gateway"].service_config[0].available_memory == "1Gi"
    error_message = "what is said of instances is not heard"
  }

  assert {
    condition = alltrue([for each in google_cloudfunctions2_function.function["sweeper"].service_config :
      each.available_memory == "2Gi" && each.available_cpu == "2" && each.max_instance_request_concurrency == 2 && each.timeout_seconds == 600 && each.environment_variables["SLUICE_REQUEST_TIMEOUT_SECONDS"] == "600"
    ])
    error_message = "what is said of memory, cpu, concurrency or time is not heard"
  }

  assert {
    condition     = output.url == "https://sluice.acme.example" && output.redirect_uris == ["https://sluice.acme.example/v1/callback", "https://console.acme.example/console/callback"] && output.slack_request_url == "https://sluice.acme.example/slack/interactivity"
    error_message = "the outputs name another address"
  }

  assert {
    condition     = jsondecode(output.adc_file).token_url == "https://sluice.acme.example/v1/token" && jsondecode(output.adc_file).audience == "https://sluice.acme.example"
    error_message = "the credential file names another address"
  }
}
