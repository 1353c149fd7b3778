# Data of the projects inside leaves them through Sluice's functions, or not at all: a stolen token is worth nothing outside.
locals {
  restricted = [
    "bigquery.googleapis.com",
    "cloudfunctions.googleapis.com",
    "cloudkms.googleapis.com",
    "firestore.googleapis.com",
    "pubsub.googleapis.com",
    "run.googleapis.com",
    "secretmanager.googleapis.com",
    "storage.googleapis.com",
  ]
  resources = [for number in var.project_numbers : "projects/${number}"]
}

resource "google_access_context_manager_service_perimeter" "sluice" {
  parent         = "accessPolicies/${var.access_policy}"
  name           = "accessPolicies/${var.access_policy}/servicePerimeters/${var.name}"
  title          = var.name
  description    = "Sluice, and the data it guards."
  perimeter_type = "PERIMETER_TYPE_REGULAR"

  use_explicit_dry_run_spec = !var.enforced

  dynamic "status" {
    for_each = var.enforced ? [true] : []
    content {
      resources           = local.resources
      restricted_services = local.restricted
      access_levels       = var.access_levels

      vpc_accessible_services {
        enable_restriction = true
        allowed_services   = ["RESTRICTED-SERVICES"]
      }
    }
  }

  dynamic "spec" {
    for_each = var.enforced ? [] : [true]
    content {
      resources           = local.resources
      restricted_services = local.restricted
      access_levels       = var.access_levels

      vpc_accessible_services {
        enable_restriction = true
        allowed_services   = ["RESTRICTED-SERVICES"]
      }
    }
  }
}
