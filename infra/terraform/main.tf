locals {
  services = toset([
    "artifactregistry.googleapis.com",
    "bigquery.googleapis.com",
    "cloudbuild.googleapis.com",
    "cloudfunctions.googleapis.com",
    "cloudkms.googleapis.com",
    "cloudscheduler.googleapis.com",
    "firestore.googleapis.com",
    "iam.googleapis.com",
    "iamcredentials.googleapis.com",
    "logging.googleapis.com",
    "monitoring.googleapis.com",
    "pubsub.googleapis.com",
    "run.googleapis.com",
    "secretmanager.googleapis.com",
    "storage.googleapis.com",
  ])
  telemetry_services = var.telemetry ? toset(["cloudtrace.googleapis.com", "telemetry.googleapis.com"]) : toset([])

  firestore_location = coalesce(var.firestore_location, var.region)

  # Cloud Functions' own address of a function, known before there is one.
  own_url = { for name in keys(local.functions) : name => "https://${var.region}-${var.project_id}.cloudfunctions.net/${var.name}-${name}" }

  url = coalesce(var.url, local.own_url["gateway"])
  # Its pages begin at the root of a host: Cloud Run's own address of the function, also known before.
  console_url = coalesce(var.console_url, "https://${var.name}-console-${data.google_project.this.number}.${var.region}.run.app")
}

data "google_project" "this" {
  project_id = var.project_id
}

resource "google_project_service" "needed" {
  for_each = setunion(local.services, local.telemetry_services)

  project            = var.project_id
  service            = each.value
  disable_on_destroy = false
}
