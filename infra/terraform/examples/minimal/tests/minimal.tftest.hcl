mock_provider "google" {
  override_during = plan

  mock_data "google_project" {
    defaults = {
      number = "123456789012"
    }
  }
}

variables {
  project_id = "acme-sluice"
  artifacts  = "../../tests/artifacts"
}

run "minimal" {
  command = plan

  assert {
    condition     = output.url == "https://europe-west3-acme-sluice.cloudfunctions.net/sluice-gateway" && jsondecode(output.adc_file).token_url == "${output.url}/v1/token"
    error_message = "the gateway is elsewhere"
  }

  assert {
    condition     = output.next_steps[0] == "npx sluice keys new | gcloud secrets versions add sluice-signing-key --project=acme-sluice --data-file=-" && length(output.next_steps) == 3
    error_message = "the first step is another"
  }
}
