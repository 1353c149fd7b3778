# The policy is no secret; Secret Manager is how a function gets a file that changes without a deployment.
resource "google_secret_manager_secret" "policy" {
  project   = var.project_id
  secret_id = "${var.name}-policy"

  replication {
    user_managed {
      replicas {
        location = var.region
      }
    }
  }

  depends_on = [google_project_service.needed]
}

resource "google_secret_manager_secret_version" "policy" {
  secret      = google_secret_manager_secret.policy.id
  secret_data = file(var.policy)
}

# Made empty: nothing that signs is in the state of terraform. The outputs say how to fill it.
resource "google_secret_manager_secret" "signing_key" {
  project   = var.project_id
  secret_id = "${var.name}-signing-key"

  replication {
    user_managed {
      replicas {
        location = var.region
      }
    }
  }

  depends_on = [google_project_service.needed]
}

resource "google_secret_manager_secret" "slack" {
  for_each = var.slack ? toset(["slack-token", "slack-signing-secret"]) : []

  project   = var.project_id
  secret_id = "${var.name}-${each.value}"

  replication {
    user_managed {
      replicas {
        location = var.region
      }
    }
  }

  depends_on = [google_project_service.needed]
}

resource "google_secret_manager_secret_iam_member" "policy" {
  for_each = local.deployed

  project   = var.project_id
  secret_id = google_secret_manager_secret.policy.secret_id
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.function[each.key].member
}

# Who can read it can be anybody.
resource "google_secret_manager_secret_iam_member" "signing_key" {
  for_each = local.token_holders

  project   = var.project_id
  secret_id = google_secret_manager_secret.signing_key.secret_id
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.function[each.key].member
}

locals {
  # The token writes as the app; the signing secret is all that tells Slack from anybody else.
  slack_readers = var.slack ? {
    "slack-token/approval-notifier" = { secret = "slack-token", name = "approval-notifier" }
    "slack-token/approval-resolver" = { secret = "slack-token", name = "approval-resolver" }
    "slack-token/slack"             = { secret = "slack-token", name = "slack" }
    "slack-signing-secret/slack"    = { secret = "slack-signing-secret", name = "slack" }
  } : {}
}

resource "google_secret_manager_secret_iam_member" "slack" {
  for_each = local.slack_readers

  project   = var.project_id
  secret_id = google_secret_manager_secret.slack[each.value.secret].secret_id
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.function[each.value.name].member
}
