# What one looks at first: how fast, how often denied, what waits, whether the record is sealed, and whether anything is wrong.
locals {
  revision = "resource.type=\"cloud_run_revision\" AND metric.type"

  # Percentiles of distributions, sums of counts.
  tiles = [
    { title = "Latency of permitted calls, ms", lines = [
      { legend = "half", metric = "latency", aligner = "ALIGN_PERCENTILE_50", reducer = "REDUCE_MAX" },
      { legend = "19 of 20", metric = "latency", aligner = "ALIGN_PERCENTILE_95", reducer = "REDUCE_MAX" },
      { legend = "99 of 100", metric = "latency", aligner = "ALIGN_PERCENTILE_99", reducer = "REDUCE_MAX" },
    ] },
    { title = "Calls", lines = [
      { legend = "answered", metric = "calls", aligner = "ALIGN_SUM", reducer = "REDUCE_SUM" },
      { legend = "without a token that holds", metric = "strangers", aligner = "ALIGN_SUM", reducer = "REDUCE_SUM" },
    ] },
    { title = "Denials", lines = [
      { legend = "denied by policy", metric = "denials", aligner = "ALIGN_SUM", reducer = "REDUCE_SUM" },
    ] },
    { title = "Held queries", lines = [
      { legend = "held for people", metric = "held", aligner = "ALIGN_SUM", reducer = "REDUCE_SUM" },
    ] },
    { title = "Unsealed age, s", lines = [
      { legend = "oldest entry of a batch", metric = "unsealed_age", aligner = "ALIGN_PERCENTILE_99", reducer = "REDUCE_MAX" },
    ] },
    { title = "Errors", lines = [
      { legend = "severity ERROR", metric = "errors", aligner = "ALIGN_SUM", reducer = "REDUCE_SUM" },
    ] },
    { title = "Bypass found", lines = [
      { legend = "jobs that are not on the record", metric = "bypass", aligner = "ALIGN_SUM", reducer = "REDUCE_SUM" },
      { legend = "entries that Sluice did not write", metric = "foreign_entry", aligner = "ALIGN_SUM", reducer = "REDUCE_SUM" },
    ] },
  ]
}

resource "google_monitoring_dashboard" "sluice" {
  project = var.project_id

  dashboard_json = jsonencode({
    displayName = "Sluice (${var.name})"
    mosaicLayout = {
      columns = 48
      tiles = [for at, tile in local.tiles : {
        xPos   = (at % 2) * 24
        yPos   = floor(at / 2) * 16
        width  = 24
        height = 16
        widget = {
          title = tile.title
          xyChart = {
            dataSets = [for line in tile.lines : {
              plotType           = "LINE"
              targetAxis         = "Y1"
              legendTemplate     = line.legend
              minAlignmentPeriod = "60s"
              timeSeriesQuery = {
                timeSeriesFilter = {
                  filter = "${local.revision}=\"${var.metrics[line.metric]}\""
                  aggregation = {
                    alignmentPeriod    = "60s"
                    perSeriesAligner   = line.aligner
                    crossSeriesReducer = line.reducer
                  }
                }
              }
            }]
          }
        }
      }]
    }
  })
}
