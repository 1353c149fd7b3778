# For a record that others rely on: behind a load balancer, under your own key, locked for six years, with BigQuery's own log beside it.
terraform {
  required_version = ">= 1.9"

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = ">= 6.50, < 8"
    }
  }
}

variable "project_id" {
  description = "The project that Sluice runs in; nothing else should."
  type        = string
}

variable "kms_key" {
  description = "The key of databases and buckets, in a project that Sluice's people do not own."
  type        = string
}

variable "connection" {
  description = "The service account that queries run as."
  type        = string
}

variable "artifacts" {
  description = "What `npm run build` wrote."
  type        = string
  default     = "../../../../dist"
}

provider "google" {
  project = var.project_id
  region  = "europe-west3"
}

module "sluice" {
  source = "../.."

  project_id  = var.project_id
  region      = "europe-west3"
  log_origin  = "sluice.acme.example/log"
  artifacts   = var.artifacts
  policy      = "${path.module}/../../../policy/example.yaml"
  connections = [var.connection]

  # The load balancer sends /console, /v1 and /log to the console, /slack to slack, and everything else to the gateway.
  url              = "https://sluice.acme.example"
  console_url      = "https://sluice.acme.example"
  public_functions = ["gateway", "console", "slack"]
  ingress          = "ALLOW_INTERNAL_AND_GCLB"
  proxy_hops       = 2

  instances        = { min = 1, max = 50 }
  slack            = true
  kms_key          = var.kms_key
  log_lock_days    = 2192
  cloud_audit_logs = true
  alert_emails     = ["security@acme.example"]
}

output "service_accounts" {
  description = "The account of each function."
  value       = module.sluice.service_accounts
}
