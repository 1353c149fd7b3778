output "url" {
  description = "What clients call instead of https://bigquery.googleapis.com."
  value       = local.url
}

output "console_url" {
  description = "Where people look at the record, and approve."
  value       = "${local.console_url}/console"
}

output "redirect_uris" {
  description = "Register these with your issuer, for people who sign in."
  value       = ["${local.url}/v1/callback", "${local.console_url}/console/callback"]
}

output "adc_file" {
  description = "A credential file for Google's client libraries. Put the path of the file that holds the OIDC token into it."
  value = jsonencode({
    type               = "external_account"
    audience           = local.url
    subject_token_type = "urn:ietf:params:oauth:token-type:jwt"
    token_url          = "${local.url}/v1/token"
    credential_source  = { file = "/path/to/oidc-token" }
  })
}

output "slack_request_url" {
  description = "The interactivity request URL of the Slack app: the function's own, or behind the load balancer the gateway's."
  value       = var.slack ? "${var.ingress == "ALLOW_ALL" ? local.own_url["slack"] : local.url}/slack/interactivity" : null
}

output "next_steps" {
  description = "What terraform does not do, as commands: secrets that must not be in its state, and new instances that read them."
  value = concat(
    ["npx sluice keys new | gcloud secrets versions add ${google_secret_manager_secret.signing_key.secret_id} --project=${var.project_id} --data-file=-"],
    [for secret in google_secret_manager_secret.slack : "gcloud secrets versions add ${secret.secret_id} --project=${var.project_id} --data-file=FILE"],
    [for name in setunion(local.token_holders, [for each in values(local.slack_readers) : each.name]) : "gcloud run services update ${var.name}-${name} --project=${var.project_id} --region=${var.region} --update-env-vars=SLUICE_ROLLED=1"],
  )
}

output "service_accounts" {
  description = "The account of each function."
  value       = { for name, account in google_service_account.function : name => account.email }
}

output "log_bucket" {
  description = "Where the log is published."
  value       = google_storage_bucket.log.name
}

output "metrics" {
  description = "The types of the metrics taken from the log, by their names: what `modules/dashboard` shows."
  value       = { for name, metric in merge(google_logging_metric.count, google_logging_metric.distribution) : name => "logging.googleapis.com/user/${metric.name}" }
}

output "project_number" {
  description = "The number of the project: what `modules/guard` and `modules/perimeter` ask for."
  value       = data.google_project.this.number
}

output "functions" {
  description = "The address of each function, for calls within the project."
  value       = { for name in keys(local.deployed) : name => local.own_url[name] }
}

output "log_lock_days" {
  description = "For how many days nobody can delete what the log publishes."
  value       = var.log_lock_days
}
