resource "google_pubsub_topic" "approvals" {
  for_each = toset(["approval-requests", "approval-decisions"])

  project                    = var.project_id
  name                       = each.value
  message_retention_duration = "604800s"
  kms_key_name               = var.kms_key

  message_storage_policy {
    allowed_persistence_regions = [var.region]
  }

  depends_on = [google_project_service.needed]
}

resource "google_pubsub_topic" "dead_letter" {
  for_each = google_pubsub_topic.approvals

  project                    = var.project_id
  name                       = "${each.key}-dead-letter"
  message_retention_duration = "2678400s"
  kms_key_name               = var.kms_key

  message_storage_policy {
    allowed_persistence_regions = [var.region]
  }
}

resource "google_pubsub_subscription" "push" {
  for_each = local.pushed

  project                    = var.project_id
  name                       = each.value.topic
  topic                      = google_pubsub_topic.approvals[each.value.topic].id
  ack_deadline_seconds       = min(each.value.timeout, 600)
  message_retention_duration = "604800s"

  expiration_policy {
    ttl = ""
  }

  push_config {
    push_endpoint = local.own_url[each.key]

    oidc_token {
      service_account_email = google_service_account.push.email
      audience              = local.own_url[each.key]
    }
  }

  retry_policy {
    minimum_backoff = "2s"
    maximum_backoff = "600s"
  }

  dead_letter_policy {
    dead_letter_topic     = google_pubsub_topic.dead_letter[each.value.topic].id
    max_delivery_attempts = 20
  }
}

# What could not be delivered is put on the record by the function it was for.
resource "google_pubsub_subscription" "dead_letter" {
  for_each = local.pushed

  project                    = var.project_id
  name                       = "${each.value.topic}-dead-letter"
  topic                      = google_pubsub_topic.dead_letter[each.value.topic].id
  ack_deadline_seconds       = min(each.value.timeout, 600)
  message_retention_duration = "2678400s"

  expiration_policy {
    ttl = ""
  }

  push_config {
    # A path of its own: what arrives at the root is taken from the topic itself, and from nowhere else.
    push_endpoint = "${local.own_url[each.key]}/dead-letter"

    oidc_token {
      service_account_email = google_service_account.push.email
      audience              = local.own_url[each.key]
    }
  }

  retry_policy {
    minimum_backoff = "10s"
    maximum_backoff = "600s"
  }
}

locals {
  pubsub_agent = "serviceAccount:service-${data.google_project.this.number}@gcp-sa-pubsub.iam.gserviceaccount.com"

  publishers = {
    approval-requests  = ["gateway", "approval-resolver", "sweeper", "console"]
    approval-decisions = concat(["gateway", "console"], var.slack ? ["slack"] : [])
  }
}

resource "google_pubsub_topic_iam_member" "publisher" {
  for_each = merge([for topic, names in local.publishers : { for name in names : "${topic}/${name}" => { topic = topic, name = name } }]...)

  project = var.project_id
  topic   = google_pubsub_topic.approvals[each.value.topic].name
  role    = "roles/pubsub.publisher"
  member  = google_service_account.function[each.value.name].member
}

resource "google_pubsub_topic_iam_member" "dead_letter" {
  for_each = google_pubsub_topic.dead_letter

  project = var.project_id
  topic   = each.value.name
  role    = "roles/pubsub.publisher"
  member  = local.pubsub_agent
}

resource "google_pubsub_subscription_iam_member" "dead_letter" {
  for_each = google_pubsub_subscription.push

  project      = var.project_id
  subscription = each.value.name
  role         = "roles/pubsub.subscriber"
  member       = local.pubsub_agent
}

# So that Pub/Sub can sign as the push account.
resource "google_service_account_iam_member" "push" {
  service_account_id = google_service_account.push.name
  role               = "roles/iam.serviceAccountTokenCreator"
  member             = local.pubsub_agent
}
