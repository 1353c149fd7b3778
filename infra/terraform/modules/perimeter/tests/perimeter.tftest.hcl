mock_provider "google" {
  override_during = plan
}

variables {
  access_policy   = "42"
  project_numbers = ["123456789012", "210987654321"]
}

run "logged_first" {
  command = plan

  assert {
    condition     = google_access_context_manager_service_perimeter.sluice.use_explicit_dry_run_spec && length(google_access_context_manager_service_perimeter.sluice.status) == 0
    error_message = "it holds before anybody asked for it"
  }
}

run "enforced" {
  command = plan

  variables {
    enforced = true
  }

  assert {
    condition     = toset(google_access_context_manager_service_perimeter.sluice.status[0].resources) == toset(["projects/123456789012", "projects/210987654321"])
    error_message = "a project is outside"
  }

  assert {
    condition     = length(setsubtract(["bigquery.googleapis.com", "firestore.googleapis.com", "secretmanager.googleapis.com", "storage.googleapis.com"], google_access_context_manager_service_perimeter.sluice.status[0].restricted_services)) == 0
    error_message = "data leaves through a service that is not restricted"
  }
}

run "refuses_what_is_wrong" {
  command = plan

  variables {
    access_policy   = "accessPolicies/42"
    project_numbers = ["acme"]
    name            = "Sluice!"
  }

  expect_failures = [var.access_policy, var.project_numbers, var.name]
}
