mock_provider "google" {
  override_during = plan

  mock_data "google_project" {
    defaults = {
      number = "123456789012"
    }
  }
}

variables {
  project_id           = "acme-sluice"
  kms_key              = "projects/acme-keys/locations/europe-west3/keyRings/r/cryptoKeys/k"
  connection           = "hospital@acme-credentials.iam.gserviceaccount.com"
  credential_project   = "acme-credentials"
  deployers            = ["principal://iam.googleapis.com/projects/-/serviceAccounts/deploy@acme.iam.gserviceaccount.com"]
  break_glass          = ["principalSet://goog/group/break-glass@acme.example"]
  access_policy        = "42"
  data_project_numbers = ["210987654321"]
  vpc_connector        = "projects/acme-sluice/locations/europe-west3/connectors/out"
  artifacts            = "../../tests/artifacts"
}

run "hardened" {
  command = plan

  assert {
    condition     = length(module.guard.deny_policies) == 2
    error_message = "people are not kept off the credential"
  }

  assert {
    condition     = module.sluice.url == "https://sluice.acme.example" && module.sluice.console_url == "https://sluice-console.acme.example/console"
    error_message = "it is not reached through the load balancer"
  }

  assert {
    condition     = output.slack_request_url == "https://sluice.acme.example/slack/interactivity"
    error_message = "slack goes around the load balancer"
  }

  assert {
    condition     = module.perimeter.perimeter == "accessPolicies/42/servicePerimeters/sluice"
    error_message = "the perimeter is missing"
  }

  assert {
    condition     = module.sluice.log_lock_days == 2192
    error_message = "retention is not locked"
  }

  assert {
    condition     = length(output.next_steps) == 8
    error_message = "a step is missing"
  }
}
