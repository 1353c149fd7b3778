# The least that works: one project, one policy, one account that queries run as. `terraform output next_steps` says what is left.
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
  description = "The project that Sluice runs in."
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

  project_id = var.project_id
  region     = "europe-west3"
  log_origin = "${var.project_id}.example/log"
  artifacts  = var.artifacts
  policy     = "${path.module}/../../../policy/example.yaml"

  # Clients and browsers come with tokens of your issuer, which Google would not let through.
  public_functions = ["gateway", "console"]
}

module "dashboard" {
  source = "../../modules/dashboard"

  project_id = var.project_id
  metrics    = module.sluice.metrics
}

output "url" {
  description = "What clients call instead of https://bigquery.googleapis.com."
  value       = module.sluice.url
}

output "adc_file" {
  description = "A credential file for Google's client libraries."
  value       = module.sluice.adc_file
}

output "next_steps" {
  description = "What is left to do."
  value       = module.sluice.next_steps
}
