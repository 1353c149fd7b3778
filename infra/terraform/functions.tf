locals {
  # What each function is given unless `functions` says otherwise. `path` is what Cloud Scheduler calls, `topic` what Pub/Sub
  # pushes from.
  usual = {
    gateway = {
      description = "The data path between MCP servers and BigQuery."
      memory      = "1Gi"
      concurrency = 40
      timeout     = 3600
      min         = 0
      max         = 20
    }
    console = {
      description = "The audit API and the console."
      memory      = "1Gi"
      concurrency = 20
      timeout     = 3600
      min         = 0
      max         = 5
    }
    approval-notifier = {
      description = "Tells approvers what waits for them."
      memory      = "512Mi"
      concurrency = 20
      timeout     = 60
      min         = 0
      max         = 5
      topic       = "approval-requests"
    }
    approval-resolver = {
      description = "Settles votes, and starts what is approved."
      memory      = "1Gi"
      concurrency = 20
      timeout     = 540
      min         = 0
      max         = 5
      topic       = "approval-decisions"
    }
    sweeper = {
      description = "Ends what was left open."
      memory      = "1Gi"
      concurrency = 1
      timeout     = 540
      min         = 0
      max         = 2
      path        = "/sweep"
      schedule    = "* * * * *"
    }
    log-publisher = {
      description = "Seals the record into the log, and signs the checkpoint."
      memory      = "1Gi"
      concurrency = 1
      timeout     = 540
      min         = 0
      max         = 2
      path        = "/seal"
      schedule    = "* * * * *"
    }
    retainer = {
      description = "Deletes what policy keeps no longer, and is on no hold."
      memory      = "512Mi"
      concurrency = 1
      timeout     = 1800
      min         = 0
      max         = 1
      path        = "/retain"
      schedule    = "23 * * * *"
    }
    reconciler = {
      description = "Compares the record with the jobs that BigQuery ran."
      memory      = "1Gi"
      concurrency = 1
      timeout     = 1800
      min         = 0
      max         = 1
      path        = "/reconcile"
      schedule    = "17 * * * *"
    }
    slack = {
      description = "Takes the votes that people cast in Slack."
      memory      = "512Mi"
      concurrency = 20
      timeout     = 60
      min         = 0
      max         = 5
    }
  }

  functions = {
    for name, each in local.usual : name => merge(each, {
      memory      = coalesce(try(var.functions[name].memory, null), each.memory)
      cpu         = coalesce(try(var.functions[name].cpu, null), "1")
      concurrency = coalesce(try(var.functions[name].concurrency, null), each.concurrency)
      timeout     = coalesce(try(var.functions[name].timeout_seconds, null), each.timeout)
      min         = coalesce(try(var.functions[name].min_instances, null), each.min)
      max         = coalesce(try(var.functions[name].max_instances, null), each.max)
    })
  }

  deployed = { for name, each in local.functions : name => each if name != "slack" || var.slack }
  pushed   = { for name, each in local.deployed : name => each if can(each.topic) }
  swept    = { for name, each in local.deployed : name => each if can(each.schedule) }

  # Who gives or takes Sluice's own tokens. Everybody else is called by Google or Slack, and has no key to sign one.
  token_holders = toset(["gateway", "console"])

  # Where things are; the same for all, but for what only some may know of.
  environment = {
    SLUICE_POLICY         = "/policy/policy.yaml"
    SLUICE_URL            = local.url
    SLUICE_CONSOLE_URL    = local.console_url
    SLUICE_STORE          = "firestore:${var.project_id}/${google_firestore_database.entries.name}/${google_firestore_database.operations.name}"
    SLUICE_RECORD_KEYS    = "kms:${google_kms_key_ring.record.id}"
    SLUICE_LOG            = var.log_origin
    SLUICE_PUBSUB_PROJECT = var.project_id
    SLUICE_PROXY_HOPS     = tostring(var.proxy_hops)
    GOOGLE_CLOUD_PROJECT  = var.project_id

    # What was compiled when the function was built, for the framework too: it is loaded before anything of ours.
    NODE_COMPILE_CACHE          = "/workspace/.compile-cache"
    NODE_COMPILE_CACHE_PORTABLE = "1"
  }
  token_environment = {
    SLUICE_SIGNING_KEY = "secret:${google_secret_manager_secret.signing_key.id}/versions/latest"
  }

  # The log is read and proved by the console, and published by nobody but the publisher.
  log_environment = {
    SLUICE_LOG_OBJECTS   = "bucket:${google_storage_bucket.log.name}"
    SLUICE_LOG_LOCK_DAYS = tostring(var.log_lock_days)
  }
  # Who is told of a secret may read it: a function that cannot read what it is told of serves nobody.
  slack_environment = {
    for name in keys(local.deployed) : name => {
      for each in values(local.slack_readers) :
      each.secret == "slack-token" ? "SLUICE_SLACK_TOKEN" : "SLUICE_SLACK_SIGNING_SECRET" =>
      "secret:${google_secret_manager_secret.slack[each.secret].id}/versions/latest" if each.name == name
    }
  }
  # The standard variables of OpenTelemetry. The sampler is not parent-based: Cloud Run says of nearly every request that it is
  # not sampled.
  telemetry_environment = var.telemetry ? {
    OTEL_EXPORTER_OTLP_ENDPOINT = var.telemetry_endpoint
    OTEL_TRACES_SAMPLER         = "traceidratio"
    OTEL_TRACES_SAMPLER_ARG     = tostring(var.telemetry_ratio)
  } : {}
}

resource "google_service_account" "function" {
  for_each = local.deployed

  project      = var.project_id
  account_id   = "${var.name}-${each.key}"
  display_name = "Sluice ${each.key}"
  description  = each.value.description
}

resource "google_storage_bucket_object" "source" {
  for_each = local.deployed

  bucket = google_storage_bucket.source.name
  # Named after what is in it: a new build is a new object, and deploys.
  name         = "${each.key}-${filesha256("${var.artifacts}/${each.key}.zip")}.zip"
  source       = "${var.artifacts}/${each.key}.zip"
  content_type = "application/zip"
}

resource "google_cloudfunctions2_function" "function" {
  for_each = local.deployed

  project     = var.project_id
  location    = var.region
  name        = "${var.name}-${each.key}"
  description = each.value.description

  build_config {
    runtime     = "nodejs24"
    entry_point = each.key

    service_account = google_service_account.build.id

    source {
      storage_source {
        bucket = google_storage_bucket.source.name
        object = google_storage_bucket_object.source[each.key].name
      }
    }
  }

  service_config {
    available_memory                 = each.value.memory
    available_cpu                    = each.value.cpu
    max_instance_request_concurrency = each.value.concurrency
    min_instance_count               = each.value.min
    max_instance_count               = each.value.max
    timeout_seconds                  = each.value.timeout
    service_account_email            = google_service_account.function[each.key].email
    # Pub/Sub and Cloud Scheduler of the same project count as internal.
    ingress_settings               = contains(var.public_functions, each.key) ? var.ingress : "ALLOW_INTERNAL_ONLY"
    all_traffic_on_latest_revision = true
    vpc_connector                  = var.vpc_connector
    vpc_connector_egress_settings  = var.vpc_connector == null ? null : "ALL_TRAFFIC"

    environment_variables = merge(
      local.environment,
      local.telemetry_environment,
      var.telemetry ? { OTEL_SERVICE_NAME = "${var.name}-${each.key}" } : {},
      { SLUICE_REQUEST_TIMEOUT_SECONDS = tostring(each.value.timeout) },
      contains(["console", "log-publisher", "retainer"], each.key) ? local.log_environment : {},
      local.slack_environment[each.key],
      contains(local.token_holders, each.key) ? local.token_environment : {},
      each.key == "reconciler" && var.cloud_audit_logs ? { SLUICE_CLOUD_AUDIT_LOGS = local.cloud_audit_logs_table } : {},
      can(each.value.topic) || can(each.value.path) ? {
        SLUICE_PUSH_ACCOUNT  = google_service_account.push.email
        SLUICE_PUSH_AUDIENCE = local.own_url[each.key]
      } : {},
    )

    secret_volumes {
      mount_path = "/policy"
      project_id = var.project_id
      secret     = google_secret_manager_secret.policy.secret_id

      versions {
        version = "latest"
        path    = "policy.yaml"
      }
    }
  }

  depends_on = [
    google_project_service.needed,
    google_secret_manager_secret_iam_member.policy,
    google_secret_manager_secret_iam_member.signing_key,
    google_secret_manager_secret_version.policy,
  ]
}

# Google verifies nobody there: Sluice does. Clients send their own token where Google would want one of its own.
resource "google_cloud_run_v2_service_iam_member" "public" {
  for_each = { for name, each in local.deployed : name => each if contains(var.public_functions, name) }

  project  = var.project_id
  location = var.region
  name     = google_cloudfunctions2_function.function[each.key].name
  role     = "roles/run.invoker"
  member   = "allUsers"
}

# Who pushes and calls on schedule; it may do nothing else.
resource "google_service_account" "push" {
  project      = var.project_id
  account_id   = "${var.name}-push"
  display_name = "Sluice push"
  description  = "Pub/Sub and Cloud Scheduler call Sluice's functions as this account."
}

resource "google_cloud_run_v2_service_iam_member" "push" {
  for_each = merge(local.pushed, local.swept)

  project  = var.project_id
  location = var.region
  name     = google_cloudfunctions2_function.function[each.key].name
  role     = "roles/run.invoker"
  member   = google_service_account.push.member
}

resource "google_cloud_scheduler_job" "function" {
  for_each = local.swept

  project     = var.project_id
  region      = var.region
  name        = "${var.name}-${each.key}"
  description = each.value.description
  schedule    = each.value.schedule
  time_zone   = "Etc/UTC"

  attempt_deadline = "${min(each.value.timeout, 1800)}s"

  retry_config {
    retry_count          = 3
    min_backoff_duration = "5s"
  }

  http_target {
    http_method = "POST"
    uri         = "${local.own_url[each.key]}${each.value.path}"

    oidc_token {
      service_account_email = google_service_account.push.email
      audience              = local.own_url[each.key]
    }
  }
}

# Cloud Build runs as it, and not as the project's default account.
resource "google_service_account" "build" {
  project      = var.project_id
  account_id   = "${var.name}-build"
  display_name = "Sluice build"
  description  = "Builds the functions from what was uploaded."
}

resource "google_project_iam_member" "build" {
  for_each = toset(["roles/logging.logWriter", "roles/artifactregistry.writer"])

  project = var.project_id
  role    = each.value
  member  = google_service_account.build.member
}

resource "google_storage_bucket_iam_member" "build" {
  bucket = google_storage_bucket.source.name
  role   = "roles/storage.objectViewer"
  member = google_service_account.build.member
}
