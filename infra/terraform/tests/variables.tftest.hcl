# What is refused, in words that say what is wanted.
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
  region     = "europe-west3"
  log_origin = "sluice.acme.example/log"
  policy     = "../policy/example.yaml"
  artifacts  = "tests/artifacts"
}

run "refuses_all_that_is_wrong_at_once" {
  command = plan

  variables {
    project_id         = "A"
    region             = "Frankfurt"
    name               = "Much-Too-Long-A-Name"
    connections        = ["ana@acme.example"]
    public_functions   = ["log-publisher"]
    url                = "https://sluice.acme.example/"
    console_url        = "https://sluice.acme.example/console"
    log_origin         = "https://sluice"
    ingress            = "ALL"
    proxy_hops         = 9
    log_lock_days      = -1
    kms_key            = "k"
    slow_call_ms       = 1
    backup_days        = 99
    telemetry_endpoint = "http://collector"
    telemetry_ratio    = 2
    policy             = "no-such-file.yaml"
    artifacts          = "no-such-folder"
  }

  expect_failures = [
    var.project_id,
    var.region,
    var.name,
    var.connections,
    var.public_functions,
    var.url,
    var.console_url,
    var.log_origin,
    var.ingress,
    var.proxy_hops,
    var.log_lock_days,
    var.kms_key,
    var.slow_call_ms,
    var.backup_days,
    var.telemetry_endpoint,
    var.telemetry_ratio,
    var.policy,
    var.artifacts,
  ]
}

run "refuses_a_function_that_there_is_not" {
  command = plan

  variables {
    functions = { nosuch = { memory = "1Gi" } }
  }

  expect_failures = [var.functions]
}

run "refuses_little_memory" {
  command = plan

  variables {
    functions = { gateway = { memory = "128Mi" } }
  }

  expect_failures = [var.functions]
}

run "refuses_half_a_cpu" {
  command = plan

  variables {
    functions = { gateway = { cpu = "0.5" } }
  }

  expect_failures = [var.functions]
}

run "refuses_no_concurrency" {
  command = plan

  variables {
    functions = { gateway = { concurrency = 0 } }
  }

  expect_failures = [var.functions]
}

run "refuses_more_time_than_there_is" {
  command = plan

  variables {
    functions = { gateway = { timeout_seconds = 3601 } }
  }

  expect_failures = [var.functions]
}

run "refuses_too_many_instances" {
  command = plan

  variables {
    functions = { gateway = { max_instances = 1001 } }
  }

  expect_failures = [var.functions]
}

run "refuses_more_instances_than_there_may_be" {
  command = plan

  variables {
    functions = { gateway = { min_instances = 3, max_instances = 2 } }
  }

  expect_failures = [var.functions]
}
