# What SECURITY.md promises of a deployment, held against the plan. `artifacts` comes from the command line: a folder of zips.
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
    condition     = length(setintersection(google_project_iam_custom_role.entry_writer.permissions, ["datastore.entities.update", "datastore.entities.delete", "datastore.entities.allocateIds"])) == 0
    error_message = "who writes entries can change or delete them"
  }

  assert {
    condition     = !contains(google_project_iam_custom_role.entry_retainer.permissions, "datastore.entities.update")
    error_message = "the retainer can change entries"
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
    instances        = { min = 1, max = 50 }
    ingress          = "ALLOW_INTERNAL_AND_GCLB"
    proxy_hops       = 2
    log_lock_days    = 2190
    slack            = true
    cloud_audit_logs = true
    public_functions = ["gateway", "console", "slack"]
    alert_emails     = ["security@acme.example"]
    url              = "https://sluice.acme.example"
    console_url      = "https://sluice.acme.example"
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
    condition     = length(google_monitoring_alert_policy.logged) == 4
    error_message = "an alert is missing"
  }

  assert {
    condition     = toset([for each in values(google_secret_manager_secret_iam_member.slack) : split("/", each.member)[0]]) != toset([])
    error_message = "nobody may read slack's secrets"
  }

  assert {
    condition     = output.url == "https://sluice.acme.example" && output.redirect_uris[0] == "https://sluice.acme.example/v1/callback"
    error_message = "the outputs name another address"
  }
}

run "refuses_other_public_functions" {
  command = plan

  variables {
    public_functions = ["log-publisher"]
  }

  expect_failures = [var.public_functions]
}

run "refuses_a_url_with_a_slash" {
  command = plan

  variables {
    url = "https://sluice.acme.example/"
  }

  expect_failures = [var.url]
}

run "refuses_no_policy" {
  command = plan

  variables {
    policy = "no-such-file.yaml"
  }

  expect_failures = [var.policy]
}
