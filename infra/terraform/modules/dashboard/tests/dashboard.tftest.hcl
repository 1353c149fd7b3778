mock_provider "google" {
  override_during = plan
}

variables {
  project_id = "acme-sluice"
  metrics    = { for name in ["calls", "denials", "held", "strangers", "errors", "bypass", "latency", "unsealed_age", "foreign_entry", "unsealed"] : name => "logging.googleapis.com/user/sluice/${name}" }
}

run "dashboard" {
  command = plan

  assert {
    condition     = [for tile in jsondecode(google_monitoring_dashboard.sluice.dashboard_json).mosaicLayout.tiles : tile.widget.title] == ["Latency of permitted calls, ms", "Calls", "Denials", "Held queries", "Unsealed age, s", "Errors", "Bypass found"]
    error_message = "a tile is missing"
  }

  assert {
    condition     = alltrue([for tile in jsondecode(google_monitoring_dashboard.sluice.dashboard_json).mosaicLayout.tiles : tile.xPos + tile.width <= 48])
    error_message = "a tile is outside"
  }

  assert {
    condition     = alltrue(flatten([for tile in jsondecode(google_monitoring_dashboard.sluice.dashboard_json).mosaicLayout.tiles : [for set in tile.widget.xyChart.dataSets : can(regex("metric.type=\"logging.googleapis.com/user/sluice/[a-z_]+\"$", set.timeSeriesQuery.timeSeriesFilter.filter))]]))
    error_message = "a line shows no metric of Sluice"
  }
}

run "refuses_a_missing_metric" {
  command = plan

  variables {
    metrics = { calls = "logging.googleapis.com/user/sluice/calls" }
  }

  expect_failures = [var.metrics]
}
