mock_provider "google" {
  override_during = plan
}

variables {
  project_id   = "acme-sluice"
  region       = "europe-west3"
  gateway_host = "sluice.acme.example"
  console_host = "console.acme.example"
  slack        = true
}

run "edge" {
  # Of mocks: nothing is made.
  command = apply

  assert {
    condition     = alltrue([for name, each in google_compute_backend_service.function : each.security_policy == google_compute_security_policy.edge[name].id]) && toset(keys(google_compute_backend_service.function)) == toset(["gateway", "console", "slack"])
    error_message = "something is reached without Cloud Armor"
  }

  assert {
    condition     = alltrue([for each in google_compute_region_network_endpoint_group.function : each.network_endpoint_type == "SERVERLESS" && startswith(each.cloud_run[0].service, "sluice-")])
    error_message = "a backend is none of Sluice's functions"
  }

  assert {
    condition     = google_compute_managed_ssl_certificate.edge.managed[0].domains == tolist(["sluice.acme.example", "console.acme.example"]) && google_compute_global_forwarding_rule.edge.port_range == "443"
    error_message = "the custom domain is not served by https alone"
  }

  assert {
    condition     = google_compute_ssl_policy.edge.min_tls_version == "TLS_1_2"
    error_message = "old TLS is spoken"
  }

  assert {
    condition     = alltrue([for each in google_compute_security_policy.edge : length([for rule in each.rule : rule if rule.action == "throttle" && try(rule.rate_limit_options[0].exceed_action, "") == "deny(429)"]) == 1])
    error_message = "nobody is slowed down"
  }

  assert {
    condition     = alltrue([for each in google_compute_security_policy.edge : length([for rule in each.rule : rule if rule.priority == 2147483647 && rule.action == "deny(403)"]) == 1])
    error_message = "what no rule allows gets in"
  }

  assert {
    condition     = alltrue([for each in google_compute_security_policy.edge : length([for rule in each.rule : rule if strcontains(try(rule.match[0].expr[0].expression, ""), "evaluatePreconfiguredWaf")]) >= 2])
    error_message = "nobody looks for attacks"
  }

  assert {
    condition     = alltrue([for rule in google_compute_security_policy.edge["gateway"].rule : !strcontains(try(rule.match[0].expr[0].expression, ""), "sqli")])
    error_message = "SQL is taken for an attack"
  }

  assert {
    condition     = [for matcher in google_compute_url_map.edge.path_matcher : matcher.path_rule[0].paths if length(matcher.path_rule) > 0] == [toset(["/slack/interactivity"])]
    error_message = "slack is reached elsewhere than where it calls"
  }

  assert {
    condition     = output.url == "https://sluice.acme.example" && output.console_url == "https://console.acme.example"
    error_message = "the outputs name another address"
  }
}

run "from_some_addresses" {
  command = plan

  variables {
    allowed_ranges = ["203.0.113.0/24"]
  }

  assert {
    condition     = alltrue([for name in ["gateway", "console"] : alltrue([for rule in google_compute_security_policy.edge[name].rule : toset(rule.match[0].config[0].src_ip_ranges) == toset(["203.0.113.0/24"]) if rule.action == "throttle"])])
    error_message = "somebody gets in from elsewhere"
  }
}

run "refuses_what_is_wrong" {
  command = plan

  variables {
    gateway_host     = "https://sluice.acme.example"
    calls_per_minute = 1
    allowed_ranges   = ["everywhere"]
  }

  expect_failures = [var.gateway_host, var.calls_per_minute, var.allowed_ranges]
}

run "refuses_a_path_of_the_console" {
  command = plan

  variables {
    console_host = "console.acme.example/console"
  }

  expect_failures = [var.console_host]
}

run "refuses_one_host_for_both" {
  command = plan

  variables {
    console_host = "sluice.acme.example"
  }

  expect_failures = [var.console_host]
}
