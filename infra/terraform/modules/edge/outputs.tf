output "address" {
  description = "The IPv4 address that the A records of both hosts name."
  value       = google_compute_global_address.edge.address
}

output "url" {
  description = "The module's `url`."
  value       = "https://${var.gateway_host}"
}

output "console_url" {
  description = "The module's `console_url`."
  value       = "https://${var.console_host}"
}
