output "id" {
  description = "The name of the dashboard in Cloud Monitoring."
  value       = google_monitoring_dashboard.sluice.id
}
