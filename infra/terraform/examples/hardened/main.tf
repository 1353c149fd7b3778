# For a record that others rely on: behind a load balancer, under your own key, locked for six years, with BigQuery's own log beside
# it, in a perimeter, and with a policy that keeps even owners off the credential.
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

variable "credential_project" {
  description = "The project that this account is in, best for nothing else."
  type        = string
}

variable "deployers" {
  description = "Who runs terraform, as deny policies name principals."
  type        = list(string)
}

variable "break_glass" {
  description = "Who may act as the account all the same, as deny policies name principals: a group that is empty on a good day."
  type        = list(string)
}

variable "access_policy" {
  description = "The number of the organization's access policy."
  type        = string
}

variable "data_project_numbers" {
  description = "The numbers of the projects with the data."
  type        = set(string)
}

variable "vpc_connector" {
  description = "The connector through which functions leave, in a VPC that reaches Google's APIs at restricted.googleapis.com."
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

  url              = module.edge.url
  console_url      = module.edge.console_url
  public_functions = ["gateway", "console", "slack"]
  ingress          = "ALLOW_INTERNAL_AND_GCLB"
  proxy_hops       = 2

  functions = {
    gateway = { min_instances = 1, max_instances = 50 }
  }
  slack            = true
  kms_key          = var.kms_key
  vpc_connector    = var.vpc_connector
  log_lock_days    = 2192
  cloud_audit_logs = true
  alert_emails     = ["security@acme.example"]
  telemetry        = true
}

module "edge" {
  source = "../../modules/edge"

  project_id   = var.project_id
  region       = "europe-west3"
  gateway_host = "sluice.acme.example"
  console_host = "sluice-console.acme.example"
  slack        = true
}

module "dashboard" {
  source = "../../modules/dashboard"

  project_id = var.project_id
  metrics    = module.sluice.metrics
}

module "guard" {
  source = "../../modules/guard"

  project_id          = var.project_id
  project_number      = module.sluice.project_number
  credential_projects = [var.credential_project]
  service_accounts    = module.sluice.service_accounts
  deployers           = var.deployers
  break_glass         = var.break_glass
}

# Not enforced yet: Google logs for a while what it would refuse.
module "perimeter" {
  source = "../../modules/perimeter"

  access_policy   = var.access_policy
  project_numbers = setunion([module.sluice.project_number], var.data_project_numbers)
}

output "address" {
  description = "Where the A records of both hosts go."
  value       = module.edge.address
}

output "adc_file" {
  description = "A credential file for Google's client libraries."
  value       = module.sluice.adc_file
}

output "slack_request_url" {
  description = "The interactivity request URL of the Slack app."
  value       = module.sluice.slack_request_url
}

output "next_steps" {
  description = "What is left to do."
  value       = module.sluice.next_steps
}

output "service_accounts" {
  description = "The account of each function."
  value       = module.sluice.service_accounts
}

output "deny_policies" {
  description = "The policies that keep people off the credential and the record."
  value       = module.guard.deny_policies
}
