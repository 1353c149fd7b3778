locals {
  # SQL is what clients send to the gateway, in bodies that Cloud Armor would take for an attack: it looks there for attacks on
  # the protocol and for scanners only. The console takes forms of people.
  rule_sets = {
    gateway = ["protocolattack-v33-stable", "scannerdetection-v33-stable"]
    console = ["protocolattack-v33-stable", "scannerdetection-v33-stable", "xss-v33-stable", "lfi-v33-stable", "rfi-v33-stable", "rce-v33-stable"]
    slack   = ["protocolattack-v33-stable", "scannerdetection-v33-stable"]
  }
}

resource "google_compute_security_policy" "edge" {
  for_each = local.served

  project = var.project_id
  name    = "${var.name}-${each.key}"
  type    = "CLOUD_ARMOR"

  dynamic "rule" {
    for_each = local.rule_sets[each.key]
    content {
      priority    = 100 + rule.key
      action      = "deny(403)"
      description = rule.value

      match {
        expr {
          # The lowest sensitivity: what it finds is an attack.
          expression = "evaluatePreconfiguredWaf('${rule.value}', {'sensitivity': 1})"
        }
      }
    }
  }

  rule {
    priority    = 1000
    action      = "throttle"
    description = "so many a minute from one address"

    match {
      versioned_expr = "SRC_IPS_V1"
      config {
        src_ip_ranges = length(var.allowed_ranges) == 0 || each.key == "slack" ? ["*"] : var.allowed_ranges
      }
    }

    rate_limit_options {
      conform_action = "allow"
      exceed_action  = "deny(429)"
      enforce_on_key = "IP"

      rate_limit_threshold {
        count        = var.calls_per_minute
        interval_sec = 60
      }
    }
  }

  # Whoever comes from elsewhere.
  rule {
    priority    = 2147483647
    action      = "deny(403)"
    description = "default"

    match {
      versioned_expr = "SRC_IPS_V1"
      config {
        src_ip_ranges = ["*"]
      }
    }
  }

  depends_on = [google_project_service.compute]
}
