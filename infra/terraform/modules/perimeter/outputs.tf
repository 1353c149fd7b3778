output "perimeter" {
  description = "The full name of the perimeter."
  value       = google_access_context_manager_service_perimeter.sluice.name
}
