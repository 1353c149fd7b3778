# The way in from outside: one address, a managed certificate, Cloud Armor, and behind it the functions that people and agents call.
locals {
  served = merge(
    { gateway = var.gateway_host, console = var.console_host },
    var.slack ? { slack = var.gateway_host } : {},
  )
}

resource "google_project_service" "compute" {
  project            = var.project_id
  service            = "compute.googleapis.com"
  disable_on_destroy = false
}

resource "google_compute_global_address" "edge" {
  project = var.project_id
  name    = "${var.name}-edge"

  depends_on = [google_project_service.compute]
}

resource "google_compute_region_network_endpoint_group" "function" {
  for_each = local.served

  project               = var.project_id
  region                = var.region
  name                  = "${var.name}-${each.key}"
  network_endpoint_type = "SERVERLESS"

  cloud_run {
    service = "${var.name}-${each.key}"
  }

  depends_on = [google_project_service.compute]
}

resource "google_compute_backend_service" "function" {
  for_each = local.served

  project               = var.project_id
  name                  = "${var.name}-${each.key}"
  protocol              = "HTTPS"
  load_balancing_scheme = "EXTERNAL_MANAGED"
  security_policy       = google_compute_security_policy.edge[each.key].id

  backend {
    group = google_compute_region_network_endpoint_group.function[each.key].id
  }

  # It has what Cloud Armor decided, and whole URLs: those of the console hold what people search for.
  log_config {
    enable      = each.key != "console"
    sample_rate = each.key == "console" ? 0 : 1
  }
}

resource "google_compute_url_map" "edge" {
  project         = var.project_id
  name            = "${var.name}-edge"
  default_service = google_compute_backend_service.function["gateway"].id

  host_rule {
    hosts        = [var.gateway_host]
    path_matcher = "gateway"
  }
  host_rule {
    hosts        = [var.console_host]
    path_matcher = "console"
  }

  path_matcher {
    name            = "gateway"
    default_service = google_compute_backend_service.function["gateway"].id

    dynamic "path_rule" {
      for_each = var.slack ? [google_compute_backend_service.function["slack"].id] : []
      content {
        paths   = ["/slack/interactivity"]
        service = path_rule.value
      }
    }
  }
  path_matcher {
    name            = "console"
    default_service = google_compute_backend_service.function["console"].id
  }
}

# The custom domain: Google makes the certificate once the hosts resolve to the address.
resource "google_compute_managed_ssl_certificate" "edge" {
  project = var.project_id
  name    = "${var.name}-edge-${substr(sha256("${var.gateway_host} ${var.console_host}"), 0, 8)}"

  managed {
    domains = [var.gateway_host, var.console_host]
  }

  # Another domain is another certificate, which is there before the old one goes.
  lifecycle {
    create_before_destroy = true
  }

  depends_on = [google_project_service.compute]
}

resource "google_compute_ssl_policy" "edge" {
  project         = var.project_id
  name            = "${var.name}-edge"
  profile         = "MODERN"
  min_tls_version = "TLS_1_2"

  depends_on = [google_project_service.compute]
}

resource "google_compute_target_https_proxy" "edge" {
  project          = var.project_id
  name             = "${var.name}-edge"
  url_map          = google_compute_url_map.edge.id
  ssl_certificates = [google_compute_managed_ssl_certificate.edge.id]
  ssl_policy       = google_compute_ssl_policy.edge.id
}

# Nothing listens on port 80: a token that is sent there is lost before anybody can redirect it.
resource "google_compute_global_forwarding_rule" "edge" {
  project               = var.project_id
  name                  = "${var.name}-edge"
  load_balancing_scheme = "EXTERNAL_MANAGED"
  ip_address            = google_compute_global_address.edge.id
  port_range            = "443"
  target                = google_compute_target_https_proxy.edge.id
}
