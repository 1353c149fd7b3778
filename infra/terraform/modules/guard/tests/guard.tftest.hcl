mock_provider "google" {
  override_during = plan
}

variables {
  project_id          = "acme-sluice"
  project_number      = "123456789012"
  credential_projects = ["acme-credentials"]
  deployers           = ["principal://iam.googleapis.com/projects/-/serviceAccounts/deploy@acme.iam.gserviceaccount.com"]
  break_glass         = ["principalSet://goog/group/break-glass@acme.example"]
  service_accounts    = { for name in ["gateway", "console", "approval-notifier", "approval-resolver", "sweeper", "log-publisher", "retainer", "reconciler", "slack"] : name => "sluice-${name}@acme-sluice.iam.gserviceaccount.com" }
}

run "guard" {
  # Of mocks: nothing is made.
  command = apply

  assert {
    condition     = google_iam_deny_policy.credential["acme-credentials"].parent == urlencode("cloudresourcemanager.googleapis.com/projects/acme-credentials") && google_iam_deny_policy.record.parent == urlencode("cloudresourcemanager.googleapis.com/projects/acme-sluice")
    error_message = "a policy is attached elsewhere"
  }

  assert {
    condition     = alltrue(flatten([for policy in concat(values(google_iam_deny_policy.credential), [google_iam_deny_policy.record]) : [for rule in policy.rules : rule.deny_rule[0].denied_principals == tolist(["principalSet://goog/public:all"])]]))
    error_message = "somebody is not denied"
  }

  assert {
    condition     = contains(google_iam_deny_policy.credential["acme-credentials"].rules[0].deny_rule[0].denied_permissions, "iam.googleapis.com/serviceAccounts.getAccessToken")
    error_message = "people can get a token of the credential"
  }

  assert {
    condition     = google_iam_deny_policy.credential["acme-credentials"].rules[1].deny_rule[0].denied_permissions == tolist(["iam.googleapis.com/serviceAccountKeys.create"]) && length(coalesce(google_iam_deny_policy.credential["acme-credentials"].rules[1].deny_rule[0].exception_principals, [])) == 0
    error_message = "somebody can make a key of the credential"
  }

  assert {
    condition     = length([for each in google_iam_deny_policy.credential["acme-credentials"].rules[0].deny_rule[0].exception_principals : each if strcontains(each, "slack") || strcontains(each, "log-publisher") || strcontains(each, "retainer") || strcontains(each, "deploy@")]) == 0
    error_message = "somebody is excepted who runs no queries"
  }

  assert {
    condition     = contains(google_iam_deny_policy.record.rules[2].deny_rule[0].denied_permissions, "datastore.googleapis.com/entities.update") && !contains(google_iam_deny_policy.record.rules[2].deny_rule[0].exception_principals, var.deployers[0])
    error_message = "people can write to the record"
  }
}

run "refuses_what_is_wrong" {
  command = plan

  variables {
    deployers        = ["user:ana@acme.example"]
    break_glass      = ["group:all@acme.example"]
    project_number   = "acme"
    service_accounts = { gateway = "sluice-gateway@acme.iam.gserviceaccount.com" }
  }

  expect_failures = [var.deployers, var.break_glass, var.project_number, var.service_accounts]
}
